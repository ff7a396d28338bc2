// Package bytesize says how large a file is, and how many there are, for people: on pages, in Markdown and on a
// terminal alike.
package bytesize

import "strconv"

// Of returns the number and the unit of a number of bytes: "1.2" and "kB", "14" and "MB". Below
// 1000 the unit is "": each language has its own word for bytes.
func Of(n int64) (number, unit string) {
	if n < 1000 {
		return strconv.FormatInt(n, 10), ""
	}
	f := float64(n)
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB", "EB"} {
		if f /= 1000; f < 999.5 {
			break
		}
	}
	precision := 0
	if f < 9.95 {
		precision = 1
	}
	return strconv.FormatFloat(f, 'f', precision, 64), unit
}

// English is a size in English: "1 byte", "812 bytes", "1.2 kB".
func English(n int64) string {
	number, unit := Of(n)
	switch {
	case n == 1:
		unit = "byte"
	case unit == "":
		unit = "bytes"
	}
	return number + " " + unit
}

// Thousands is a number with a comma between each three of its digits.
func Thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
