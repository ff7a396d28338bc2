package command

import (
	"embed"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed help/*.txt help/units
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

// explain lets help say so where it has nothing about a word, in the place of the page about all.
func explain(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		show := help.Run
		help.Run, help.RunE = nil, func(cmd *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil {
				return helpOrUnknown(root, args)
			}
			if len(rest) > 0 && about.HasSubCommands() {
				return helpOrUnknown(about, rest)
			}
			show(cmd, args)
			return nil
		}
	}
}

// title is the first line of a help text.
func title(name string) string {
	title, _, _ := strings.Cut(manual(name), "\n")
	return title
}

// units is the topic about what starts a run every night: a page that says how, and below it a sample of each, as it
// stands in help/units, which is printed as it is to be written to a file.
func units() *cobra.Command {
	topic := &cobra.Command{Use: "units", Short: title("units"), Long: manual("units") + "\n"}
	topic.SetHelpTemplate("{{.Long}}")
	samples, err := helpTexts.ReadDir("help/units")
	if err != nil {
		panic(err) // they are embedded
	}
	for _, s := range samples {
		text, err := helpTexts.ReadFile("help/units/" + s.Name())
		if err != nil {
			panic(err)
		}
		topic.AddCommand(&cobra.Command{Use: s.Name(), Long: string(text), Hidden: true})
	}
	return topic
}
