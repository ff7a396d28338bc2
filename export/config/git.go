package config

import (
	"strings"

	"agc-export/render/expression"
)

// NoAttachments as [git] max_attachment_mb leaves all attachments out.
const NoAttachments = -1

var (
	// branchName matches names that git takes for a branch, and that no shell reads otherwise.
	branchName = expression.New(`^[A-Za-z0-9_]+([./-]?[A-Za-z0-9_]+)*$`)

	// gitAuthor matches "Name <address>".
	gitAuthor = expression.New(`^[^<>\pC]*[^<>\pC ] <[^<>\pC ]+>$`)
)

// validate checks the settings of the repository; bad makes the error for a key.
func (g *Git) validate(bad func(key, why string) error) error {
	switch {
	case !branchName.MatchString(g.Branch) || strings.HasSuffix(g.Branch, ".lock") ||
		strings.Contains(g.Branch, ".lock/"):
		return bad("git.branch", told(g.Branch)+" is not the name of a branch, such as main")
	case !gitAuthor.MatchString(g.Author):
		return bad("git.author", told(g.Author)+` is not of the form "Name <address>"`)
	case g.MaxAttachmentMB < NoAttachments:
		return bad("git.max_attachment_mb", "must be a number of megabytes, 0 for no limit or -1 for no attachments")
	}
	return nil
}
