// Man writes the manual of the program as man pages, one for each command and topic: `go run ./export/command/man DIR`.
// Their date is SOURCE_DATE_EPOCH. It is run where packages are made and is no part of the program.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra/doc"

	"agc-export/export/command"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "man:", err)
		os.Exit(1)
	}
}

// write makes the pages in the folder that is the first argument; the second is the configuration with every key.
func write(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: man DIR agc-export.toml")
	}
	defaults, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	dir, err := os.OpenRoot(args[0])
	if err != nil {
		return err
	}
	defer dir.Close()
	root := command.Documented(command.Env{Defaults: string(defaults)})
	for _, cmd := range append(root.Commands(), root) {
		if cmd.Name() == "help" {
			continue
		}
		var page bytes.Buffer
		cmd.Long, cmd.DisableAutoGenTag = markdown(cmd.Long), true
		header := &doc.GenManHeader{Section: "1", Source: "agc-export", Manual: "agc-export"}
		if err := doc.GenMan(cmd, header, &page); err != nil {
			return err
		}
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
		if err := dir.WriteFile(name, page.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// markdown is a text of the manual as the generator reads it: what is set in columns stays so, all else is prose, in
// which no sign means anything.
func markdown(text string) string {
	var b strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if columns(block) {
			b.WriteString("```\n" + block + "\n```\n\n")
			continue
		}
		for _, r := range block {
			if strings.ContainsRune("\\`*_{}[]()#+-.!<>|~&", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// columns tells whether a block is set in columns, or is of a configuration.
func columns(block string) bool {
	return strings.Contains(block, "  ") || strings.HasPrefix(block, "#") || strings.HasPrefix(block, "[")
}
