package fetch

import (
	"fmt"
	"log/slog"
)

// hidden is what every printed form of a Secret says.
const hidden = "[secret]"

// Secret holds a key that must never be printed. Every way of writing it (fmt
// verbs, JSON, text, slog) says "[secret]". The value stands behind a function,
// so that printing a struct that holds a Secret by reflection shows no more than
// an address.
type Secret struct {
	reveal func() string
}

// NewSecret returns s as a Secret.
func NewSecret(s string) Secret {
	return Secret{reveal: func() string { return s }}
}

// Reveal returns the key itself. Its only use is the header of a request, and
// taking the key out of texts that others wrote.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero says whether there is no key.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String says "[secret]".
func (s Secret) String() string { return hidden }

// GoString says "[secret]", for %#v.
func (s Secret) GoString() string { return hidden }

// Format says "[secret]" whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalJSON says "[secret]".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText says "[secret]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue says "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
