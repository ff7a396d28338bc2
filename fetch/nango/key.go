// Package nango holds what the way through Nango needs: the secret key, which never
// shows itself, and whether Nango passes calls on or lends its credentials. It knows no
// network.
package nango

import (
	"fmt"
	"log/slog"
)

// Hidden is what every printed form of a Key says.
const Hidden = "[secret]"

// Key holds a key that must never be printed. Every way of writing it (fmt
// verbs, JSON, text, slog) says "[secret]". The value stands behind a function,
// so that printing a struct that holds a Key by reflection shows no more than
// an address.
type Key struct {
	reveal func() string
}

// NewKey returns s as a Key.
func NewKey(s string) Key {
	return Key{reveal: func() string { return s }}
}

// Reveal returns the key itself. Its only use is the header of a request, and
// taking the key out of texts that others wrote.
func (s Key) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero says whether there is no key.
func (s Key) IsZero() bool { return s.Reveal() == "" }

// String says "[secret]".
func (s Key) String() string { return Hidden }

// GoString says "[secret]", for %#v.
func (s Key) GoString() string { return Hidden }

// Format says "[secret]" whatever the verb.
func (s Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Hidden)) }

// MarshalJSON says "[secret]".
func (s Key) MarshalJSON() ([]byte, error) { return []byte(`"` + Hidden + `"`), nil }

// MarshalText says "[secret]".
func (s Key) MarshalText() ([]byte, error) { return []byte(Hidden), nil }

// LogValue says "[secret]".
func (s Key) LogValue() slog.Value { return slog.StringValue(Hidden) }
