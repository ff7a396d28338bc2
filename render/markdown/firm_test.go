package markdown

import "testing"

func TestFirmSigns(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`http://x.y/a\<img src=x onerror=alert(1)>`, `http://x.y/a&lt;img src=x onerror=alert(1)>`},
		{`www.x.y/\<b> and a@b.gov\<i>`, `www.x.y/&lt;b> and a@b.gov&lt;i>`},
		{"| a |\n|---|\n| http://x/\\<u> |", "| a |\n|---|\n| http://x/&lt;u> |"},
		{"# http://x/\\<u>\n\n- *http://y/\\<s>*", "# http://x/&lt;u>\n\n- *http://y/&lt;s>*"},
		{"`http://x/\\<u>`\n\n    http://x/\\<u>\n\n```\nhttp://x/\\<u>\n```",
			"`http://x/\\<u>`\n\n    http://x/\\<u>\n\n```\nhttp://x/\\<u>\n```"},
		{`http://x/a\\<b>`, `http://x/a\\<b>`},
		{`http://x/a\\\<b>`, `http://x/a\\&lt;b>`},
		{`[http://x/\<b>](y)`, `[http://x/&lt;b>](y)`},
		{`none`, `none`},
	} {
		if got := firmSigns(c.in); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}
