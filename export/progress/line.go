package progress

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"agc-export/render/bytesize"
)

// sample is the number of calls at a moment.
type sample struct {
	at    time.Time
	calls int
}

// The figures of a line: how far back its rate looks, from when it is one, and how much of a phase is known before
// its end is guessed.
const (
	rateSpan  = time.Minute
	rateAfter = 5 * time.Second
	guessFrom = 5 * time.Second
	bytesFrom = 1_000_000 // fewer are not worth a place
)

// line is what people read, in one line of at most so many columns; 0: as long as it is. What does not fit is left
// out from the end, and the first part is cut.
func line(p phase, t Traffic, first sample, now time.Time, width int) string {
	if p.what == "" {
		return ""
	}
	parts := []string{p.what + " " + bytesize.Thousands(p.done)}
	if p.total > 0 {
		parts[0] += "/" + bytesize.Thousands(p.total)
	}
	if bytes := t.Bytes - p.bytes; bytes >= bytesFrom {
		parts = append(parts, bytesize.English(bytes))
	}
	if wait := t.Until.Sub(now); wait > 0 {
		parts = append(parts, fmt.Sprintf("%s, %s more", t.Why, span(wait)))
	} else {
		if over := now.Sub(first.at); over >= rateAfter && t.Calls > first.calls {
			parts = append(parts, fmt.Sprintf("%s calls/min",
				bytesize.Thousands(int(math.Round(float64(t.Calls-first.calls)/over.Minutes())))))
		}
		if over := now.Sub(p.begun); p.done > 0 && p.total > p.done && over >= guessFrom {
			left := time.Duration(float64(over) / float64(p.done) * float64(p.total-p.done))
			parts = append(parts, span(left)+" left")
		}
	}
	text := parts[0]
	for _, part := range parts[1:] {
		if next := text + " · " + part; width <= 0 || utf8.RuneCountInString(next) <= width {
			text = next
		}
	}
	if runes := []rune(text); width > 0 && len(runes) > width {
		text = string(runes[:width])
	}
	return text
}

// span is a length of time as people say it: "21 s", "4 min", "2 h 10 min".
func span(d time.Duration) string {
	switch s := int(math.Ceil(d.Seconds())); {
	case s < 100:
		return fmt.Sprintf("%d s", s)
	case s < 100*60:
		return fmt.Sprintf("%d min", (s+59)/60)
	default:
		minutes := (s + 59) / 60
		return strings.TrimSuffix(fmt.Sprintf("%d h %d min", minutes/60, minutes%60), " 0 min")
	}
}
