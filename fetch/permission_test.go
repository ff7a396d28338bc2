package fetch_test

import (
	"testing"
)

// TestPermissions: one that does not say who or what is an error of the list, which nothing follows from.
func TestPermissions(t *testing.T) {
	for _, body := range []string{"{}", `{"results":null}`, `{"results":[{"id":"1"}]}`,
		`{"results":[{"id":"1","principal":{"type":"user"},"operation":{"key":"read","targetType":"space"}}]}`,
		`{"results":[{"id":"1","principal":{"type":"user","id":"u"},"operation":{"key":"read"}}]}`,
		`{"results":[{"principal":{"type":"user","id":"u"},"operation":{"key":"read","targetType":"space"}}]}`} {
		_, c := tenant(t, stated(1), nil, answers("space-permissions", 200, body))
		if got, err := collect(c.Permissions(t.Context(), "1")); err == nil {
			t.Errorf("%s: %v", body, got)
		}
	}
	ten, c := tenant(t, stated(1), nil)
	if _, err := collect(c.Permissions(t.Context(), "")); err == nil || len(ten.Calls()) > 0 {
		t.Errorf("error %v, asked %q", err, ten.Calls())
	}
}
