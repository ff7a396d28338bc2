package parallel

import (
	"errors"
	"fmt"
	"testing"
)

// TestOrdered: things are handed on by number, and the first error is told.
func TestOrdered(t *testing.T) {
	got := ""
	o := NewOrdered(func(i int) error {
		if got += fmt.Sprint(i); i == 5 {
			return errors.New("five")
		}
		return nil
	})
	for _, i := range []int{2, 0, 3, 1, 4} {
		if err := o.Add(i, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Add(5, 5); err == nil || got != "012345" {
		t.Errorf("%q, %v", got, err)
	}
}
