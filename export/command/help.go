package command

import (
	"embed"
	"strings"
)

//go:embed help/*.txt
var helpTexts embed.FS

// manual is the long help of a command or topic: help/NAME.txt. It is empty where there
// is none.
func manual(name string) string {
	text, err := helpTexts.ReadFile("help/" + name + ".txt")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// title is the first line of a help text.
func title(name string) string {
	title, _, _ := strings.Cut(manual(name), "\n")
	return title
}
