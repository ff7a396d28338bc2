package export

import (
	"embed"
	"strings"
)

//go:embed help/*.txt
var helpTexts embed.FS

// Help is the long help of a command or topic: help/NAME.txt. It is empty where there
// is none.
func Help(name string) string {
	text, err := helpTexts.ReadFile("help/" + name + ".txt")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// HelpTitle is the first line of a help text.
func HelpTitle(name string) string {
	title, _, _ := strings.Cut(Help(name), "\n")
	return title
}
