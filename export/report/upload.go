package report

import (
	"fmt"
	"io"
)

// Upload says what a run did to a bucket, in objects.
type Upload struct {
	Bucket    string `json:"bucket"`
	Host      string `json:"host"`
	Prefix    string `json:"prefix,omitempty"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Same      int    `json:"same"`
	Removed   int    `json:"removed"`
	Withdrawn int    `json:"withdrawn"`          // of what may not be shown any more
	Versions  int    `json:"versions,omitempty"` // older versions, and notes of removals, that were removed for good
	Strays    int    `json:"strays,omitempty"`   // what somebody else has laid there

	Failure *Failure `json:"-"` // of what could not be withdrawn
}

// summary prints it for a person.
func (u *Upload) summary(w io.Writer) {
	fmt.Fprintf(w, "uploaded   %d new and %d changed objects to %s on %s, %d removed, %d as they were\n", u.New,
		u.Changed, u.Bucket, u.Host, u.Removed+u.Withdrawn, u.Same)
	if u.Withdrawn+u.Versions > 0 {
		fmt.Fprintf(w, "withdrawn  %s and %s\n", Number(u.Withdrawn, "object"), Number(u.Versions, "older version"))
	}
	if u.Strays > 0 {
		fmt.Fprintf(w, "note       not of this program, and left in the bucket: %s\n", Number(u.Strays, "object"))
	}
}
