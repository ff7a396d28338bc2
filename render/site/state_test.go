package site

import "testing"

// TestNearest: a state has the colour of the style sheet that is nearest to its own.
func TestNearest(t *testing.T) {
	for color, want := range map[string]string{
		"#ff7452": "red", "#2684ff": "blue", "#ffc400": "yellow", "#57d9a3": "green", "#8777d9": "purple",
		"#ff0000": "red", "#ff0040": "red", "#00ff00": "green", "#008DA6": "blue", "#ff00ff": "purple",
		"#000000": "", "#ffffff": "", "#808080": "", "#7a8699": "blue", "": "", "red": "", "#fff": "", "#gggggg": "",
		"#1234567": "", "javascript:alert(1)": "", `#"><b>`: "",
	} {
		if got := nearest(color); got != want {
			t.Errorf("%s: %q, want %q", color, got, want)
		}
	}
}
