// Package access says what may not be published, and why: what the mirror tells of
// restrictions, passed down the page tree, and the words for each reason. What decides
// who may read fails closed: what is not known counts as restricted. A reason is said in
// the report and, where an open page names the content, on the site; so it tells nothing
// of what is restricted.
package access

import (
	"fmt"

	"agc-export/export/mirror"
	"agc-export/render/expression"
)

// Why a content is not published. What has a status that nobody knows has a reason of its
// own, see OfStatus.
const (
	Restricted   = "restricted"
	Unchecked    = "restrictions not known yet"
	Taken        = "not visible to the export account any more"
	Doubt        = "in no list, and not answered for"
	Archived     = "archived"
	Deleted      = "deleted"
	NotExported  = "not exported"
	SpaceDeleted = "its space was deleted"
	SpaceTaken   = "in a space that the export account does not see any more"
	NoSpace      = "in an unknown space"
	Guarded      = "held back by a guard"
	SomeReaders  = "for some readers only" // of files
	Missing      = "missing in the mirror"
	Unpackaged   = "not in this package"
	Unshown      = "no such page, or one that is restricted" // of links
)

// OfTaken are the words for what was taken away.
var OfTaken = map[string]string{mirror.TakenAway: Taken, mirror.TakenDoubt: Doubt}

// knownWord matches words that are surely no text of a page.
var knownWord = expression.New(`^[A-Za-z_]{1,20}$`)

// OfStatus says that a content has a status that no content that is exported has.
func OfStatus(status string) string {
	switch {
	case status == "":
		return "without a status"
	case knownWord.MatchString(status):
		return fmt.Sprintf("status %q", status)
	}
	return "of an unknown status"
}

// Unpublished says of what has such a reason that it is not published.
func Unpublished(why string) string { return why + ", so it is not published" }
