package export

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/report"
	"agc-export/fetch"
)

// Checked is what check finds, step by step. As JSON it has these fields; the help of
// check explains them.
type Checked struct {
	ExitCode    int             `json:"exit_code"`
	Steps       []CheckedStep   `json:"steps"`
	Site        *CheckedSite    `json:"site,omitempty"`
	Account     *CheckedAccount `json:"account,omitempty"`
	Scopes      []CheckedScope  `json:"scopes,omitempty"`
	Credentials *CheckedAge     `json:"credentials,omitempty"`
	AccessRules string          `json:"access_rules,omitempty"` // none, hides content, unknown
	Blocked     []string        `json:"blocked_spaces,omitempty"`
	Selected    []string        `json:"selected_spaces,omitempty"`
	LeftOut     []string        `json:"left_out_spaces,omitempty"`
	Cost        *Cost           `json:"cost,omitempty"`

	Out   io.Writer    `json:"-"` // where steps are told at once; nil: nowhere
	Nango config.Nango `json:"-"` // whose pages failures name
}

// CheckedStep is one thing that an export needs.
type CheckedStep struct {
	Step   string `json:"step"`
	Result string `json:"result"` // ok, note, FAIL
	Text   string `json:"text"`
	// of a failure: who refused: nango, gateway, confluence, edge, network, client
	Side string `json:"side,omitempty"`
	Page string `json:"page,omitempty"` // of a failure: where to look
}

// CheckedSite is the site that the connection leads to.
type CheckedSite struct {
	CloudID string `json:"cloud_id"`
	Name    string `json:"name"`
	URL     string `json:"url"`
}

// CheckedAccount is the account whose eyes the export sees with.
type CheckedAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// CheckedScope is a right that an export can use.
type CheckedScope struct {
	Name    string `json:"name"`
	For     string `json:"for"`
	Needed  bool   `json:"needed"` // there is no export without it
	Granted bool   `json:"granted"`
}

// CheckedAge says since when the connection is there, RFC 3339; "" where the key may
// not look.
type CheckedAge struct {
	Authorized string `json:"authorized"`
	Renewed    string `json:"renewed"`
}

func (c *Checked) ok(step, text string) { c.tell(CheckedStep{Step: step, Result: "ok", Text: text}) }
func (c *Checked) note(step, text string) {
	c.tell(CheckedStep{Step: step, Result: "note", Text: text})
}

// fail tells of a step that is not well, with the side that refused, and passes its
// error on.
func (c *Checked) fail(step string, err error) error {
	s := CheckedStep{Step: step, Result: "FAIL", Text: err.Error(), Page: pageOf(err.Error(), c.Nango)}
	var e *fetch.Error
	if errors.As(err, &e) {
		s.Side = string(e.Origin)
	}
	c.tell(s)
	return err
}

// Fail tells of something that is not well before Check can begin.
func (c *Checked) Fail(step string, err error) { _ = c.fail(step, err) }

// OK tells of something that is well before Check begins.
func (c *Checked) OK(step, text string) { c.ok(step, text) }

// indent is what stands before the further lines of a step.
const indent = "                   "

// tell keeps a step and shows it at once, for steps may take seconds each.
func (c *Checked) tell(s CheckedStep) {
	c.Steps = append(c.Steps, s)
	if c.Out != nil {
		text := s.Text
		if s.Page != "" {
			text += "\nOpen " + s.Page
		}
		fmt.Fprintf(c.Out, "%-5s %-12s %s\n", s.Result, s.Step, strings.ReplaceAll(text, "\n", "\n"+indent))
	}
}

// JSON writes all that was found, with the exit code of err.
func (c *Checked) JSON(w io.Writer, err error) error {
	c.ExitCode = exit.Code(err)
	data, wrong := report.JSON(c)
	if wrong == nil {
		_, wrong = w.Write(data)
	}
	return wrong
}
