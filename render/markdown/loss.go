package markdown

import (
	"slices"
	"unique"
)

// The classes of Loss. Name is an element's or a macro's name, or one of the
// reasons below; it is never text of the page.
const (
	LossMacro    = "macro"    // a macro that no row of the macro table knows: kept as body, name and parameters
	LossDynamic  = "dynamic"  // a macro whose list the mirror could not answer; the page says so in place
	LossLink     = "link"     // a link whose target is not published; shown as text with the reason
	LossImage    = "image"    // a picture that is not published or cannot be shown
	LossUser     = "user"     // a mention of somebody whom the mirror does not know
	LossElement  = "element"  // an element without a form of its own; its content is kept
	LossStyle    = "style"    // formatting that has no form here: a colour outside the palette, a mark over blocks
	LossWithheld = "withheld" // what a macro shows to some readers only: left out, and the page says so
	LossAudience = "audience" // the same, shown to all: the page says so
	LossDepth    = "depth"    // content nested too deeply: flattened
	LossRemoved  = "removed"  // what the site does not show of the Markdown's HTML, in words: its text stays
	// what a body repeats, nests or includes beyond what its size allows: left out or shown plainly, see budget.go
	LossSize      = "size"
	LossMalformed = "malformed" // the body was not well-formed and was repaired
)

// lossWords are the classes in words, for those who read a report: what stands in the page now.
var lossWords = map[string]string{
	LossMacro:     "a macro that this program does not know: its text, name and parameters are shown",
	LossDynamic:   "a list or search that only Confluence can make: the page says so in its place",
	LossLink:      "a link to what is not published: its text is shown with the reason",
	LossImage:     "a picture that is not published or cannot be shown: its description is shown",
	LossUser:      "a mention of somebody whose name is not known",
	LossElement:   "an element without a form of its own: its text is shown",
	LossStyle:     "formatting without a form of its own: the text is shown without it",
	LossWithheld:  "text for some readers only: left out, and the page says so",
	LossAudience:  "text for some readers only: shown to all, and the page says so",
	LossDepth:     "text that is nested too deeply: shown on fewer levels",
	LossRemoved:   "HTML that the site does not take: its text is shown",
	LossSize:      "more than the size of the page allows: left out or shown plainly",
	LossMalformed: "storage format that is not well-formed: repaired, the text is shown",
}

// LossWords says a class of Loss in words, which hold no text of a page.
func LossWords(class string) string { return lossWords[class] }

// losses gathers what a page lost, one entry a class and name, in order of position.
type losses struct {
	list  []Loss
	index map[[2]string]int
}

// inOrder returns the losses in order of position.
func (l *losses) inOrder() []Loss {
	slices.SortStableFunc(l.list, func(a, b Loss) int { return a.Position - b.Position })
	return l.list
}

// add counts a loss at a byte offset of the body.
func (l *losses) add(class, name string, offset int) { l.addN(class, name, offset, 1) }

func (l *losses) addN(class, name string, offset, count int) {
	key := [2]string{class, name}
	if l.index == nil {
		l.index = map[[2]string]int{}
	}
	if i, ok := l.index[key]; ok {
		l.list[i].Count += count
		return
	}
	l.index[key] = len(l.list)
	name = unique.Make(name).Value() // a part of the body would hold all of it, as long as the loss is known
	l.list = append(l.list, Loss{Class: class, Name: name, Position: offset, Count: count})
}
