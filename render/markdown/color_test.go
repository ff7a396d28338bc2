package markdown

import (
	"strings"
	"testing"
)

// The colours of Atlassian's palettes have the names of their families.
func TestPalettes(t *testing.T) {
	for name, colors := range map[string]string{
		// neutrals of 2017
		"grey": "#c1c7d0 #b3bac5 #a5adba #97a0af #8993a4 #7a869a #6b778c #5e6c84 #505f79 #42526e #344563 " +
			"#b3b9c4 #8590a2 #758195 #626f86 #44546f " + // of 2022
			"#b7b9be #8c8f97 #7d818a #6b6e76 #505258 " + // of 2025
			"#454f59 #596773 #738496 #8696a7 #9fadbc " + // of its dark theme
			"#707070 #808080 #999999 silver rgb(128,128,128) slategray",
		"blue": "#0747a6 #0052cc #0065ff #2684ff #4c9aff #b3d4ff #0055cc #0c66e4 #1d7afc #388bff #579dff #85b8ff " +
			"#cce0ff #4682b4",
		"red":    "#bf2600 #de350b #ff5630 #ae2e24 #c9372c #f87168 #ff9c8f",
		"green":  "#006644 #00875a #36b37e #79f2c0 #216e4e #1f845a #4bce97",
		"purple": "#403294 #5243aa #6554c0 #c0b6f2 #5e4db2 #8270db #dfd8fd",
		"teal":   "#008da6 #00b8d9 #79e2f2 #206a83 #6cc3e0",
		"":       "#172b4d #091e42 #253858 #000000 #333 #1d2125 #292a2e",
	} {
		for color := range strings.FieldsSeq(colors) {
			if got := foreground(color); got != name {
				t.Errorf("the text colour %s is %q, want %q", color, got, name)
			}
		}
	}
	// In all forms that CSS has, by words and by the names of design tokens.
	for name, colors := range map[string]string{
		"grey": "rgba(9,30,66,0.31)|#091e424f|hsl(210deg, 20%, 50%)|LightSlateGray|darkgrey !important|" +
			"var(--ds-text-subtlest)|var(--ds-text-accent-gray)|rgb(50% 50% 50%)",
		"red": "rgb(100%,0%,0%)|rgb(255 0 0 / 50%)|rgba(255,0,0,.5)|hsl(0,100%,50%)|hsl(1turn 100% 50%)|" +
			"hsl(-360, 100%, 50%)|#F00|#f00f|#ff0000ff|Red!important|IndianRed|var(--ds-text-danger)|" +
			"var(--ds-text-accent-red-bolder)|var(--x, #f00)|var(--ds-y, red)",
		"green": "rgb(0%,50%,0%)|hsl(120,100%,25%)|hsla(120 100% 25% / 90%)|MediumSeaGreen|greenyellow|" +
			"var(--ds-text-accent-lime)|var(--ds-text-success, #216E4E)",
		"yellow": "LightGoldenrodYellow|PaleGoldenrod|var(--ds-background-accent-yellow-subtlest)",
		"purple": "rebeccapurple|BlueViolet|hsl(270, 60%, 50%)|hsl(0.75turn 60% 50%)|var( --ds-text-discovery )",
		"blue":   "CornflowerBlue|hsl(240,100%,50%)|hsl(4.1888rad 100% 50%)|var(--ds-text-brand)|var(--ds-link)",
		"pink":   "PaleVioletRed|mediumvioletred|var(--ds-text-accent-magenta)", "teal": "LightCyan|darkturquoise",
		"orange": "SaddleBrown|chocolate|var(--ds-text-warning)",
		"": "transparent|inherit|currentColor|#0000|#00000000|rgba(255,0,0,0)|hsl(0,0%,100%)|var(--ds-text)|" +
			"whitesmoke|hsl(999999999999,1%|rgb()|#12|black|initial|var(--red)",
	} {
		for color := range strings.SplitSeq(colors, "|") {
			if got := foreground(color); got != name {
				t.Errorf("the text colour %s is %q, want %q", color, got, name)
			}
		}
	}
	for name, colors := range map[string]string{
		"grey": "#f4f5f7 #ebecf0 #dfe1e6 #c1c7d0 #97a0af #6b778c #f7f8f9 #f1f2f4 #dcdfe4 #f0f1f2 #dddee1",
		"blue": "#deebff #b3d4ff #e9f2ff #e9f2fe", "red": "#ffebe6 #ffbdad #ffeceb #ffd5d2",
		"green":  "#e3fcef #abf5d1 #dcfff1 #baf3db",
		"yellow": "#fffae6 #fff0b3 #fff7d6 #f8e6a0", "purple": "#eae6ff #c0b6f2 #f3f0ff #dfd8fd",
		"teal":   "#e6fcff #b3f5ff #e7f9ff",
		"orange": "#fff3eb", "pink": "#ffecf8",
		"": "#ffffff white #fafbfc",
	} {
		for color := range strings.FieldsSeq(colors) {
			if got := background(color); got != name {
				t.Errorf("the background %s is %q, want %q", color, got, name)
			}
		}
	}
}
