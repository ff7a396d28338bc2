package sitetest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
)

// hostileKeys are keys of spaces, of which each is a file's name to a server, a word of its
// configuration and a part of addresses.
var hostileKeys = []string{
	"PLAIN", "~712020$x", "$host", "${host}", "$", "a$1b", `a"b`, `a'b`, "a;}", "{ b }", `back\slash`, `end\`, "#hash",
	"new\nline", "cr\r\nX-Evil: 1", "tab\there", "当直$",
	"~^.x.*", "default", "include", "%24", "%0d%0a", "*", ":id", "<b>", "nul\x00", "é", strings.Repeat("long$", 60),
	strings.Repeat("当", 255), strings.Repeat("x", 5000),
}

// hostileKeysTenant has a space for each key, and in each a page that is called like it,
// with a file that is.
func hostileKeysTenant(t *testing.T) fstest.MapFS {
	t.Helper()
	quote := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var b strings.Builder
	b.WriteString("[site]\nname = \"K\"\nurl = \"https://k.atlassian-us-gov-mod.net\"\ncloud_id = " +
		"\"33333333-aaaa-4bbb-8ccc-666666666666\"\n[[users]]\nid = \"712020:1\"\nname = \"Ann\"\n")
	files := fstest.MapFS{}
	for i, key := range hostileKeys {
		fmt.Fprintf(&b, "[[spaces]]\nid = \"%d\"\nkey = %s\nname = %s\n", i+1, quote(key), quote(key))
		files[key+"/pages.json"] = &fstest.MapFile{Data: []byte(quote([]any{map[string]any{
			"id": fmt.Sprint(1000 + i), "title": key, "body": "<p>text</p>",
			"attachments": []any{map[string]any{"id": fmt.Sprintf("att%d", 7000+i), "name": key + ".png",
				"size": 3}}}}))}
	}
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(b.String())}
	return files
}

// What is asked for in the places of attacked, as it is, encoded, and encoded twice.
var attacks = []string{
	"a\r\nSet-Cookie: x=y", "\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil: 1", "12\r\nX-Evil: 1", "chain.png\n", "\x00",
	"a\x00b", `"`, `a"b`, "'", "`", "$host", "${host}", "$1", "%1", "%{HTTP_HOST}", "{R:1}",
	"/evil.example", "//evil.example/x", `/\evil.example`, `\\evil.example`, `\evil.example`, "evil.example/x",
	"http://evil.example/", "@evil.example", "..", "../..", "../../../../etc/passwd", `..\..`,
	";", "a;b", "a b", " ", "\t", "#", "?", "&x=", "*", ":splat", "<script>", "é", "\xff", "\u2028", "|", "^", "~",
	"a|b:c}", "}", strings.Repeat("a", 300), strings.Repeat("7", 3000), strings.Repeat("a/", 1500),
}

// attacked are the addresses that the rules of the samples answer, and some of files.
var attacked = strings.Fields(`/% /wiki% /wiki/% /wiki//%/x /% /%/ //% /wiki/x/% /x/%/ /wiki/x/AQAU% /wiki/x/AQAU?%
	/wiki/display/% /wiki/display/PLAIN/% /wiki/display/%/x /wiki/spaces/% /wiki/spaces/%/ /wiki/spaces/PLAIN%
	/wiki/spaces/%/pages/1000 /wiki/spaces/PLAIN/pages/% /wiki/spaces/PLAIN/pages/1000%
	/wiki/spaces/PLAIN/pages/edit%/1000 /wiki/spaces/PLAIN/%/1000 /wiki/spaces/PLAIN/blog/2025/1/%/1000
	/wiki/spaces/PLAIN/blog/2025/1/1/%/x /wiki/pages/viewpage.action?pageId=% /wiki/pages/viewpage.action?pageId=1000%
	/wiki/pages/viewpage.action?pageId=1000&a=% /wiki/pages/%.action?pageId=1000 /wiki/download/thumbnails/1/%
	/wiki/download/attachments/1000/% /download/attachments/%/x /download/%/1000/x /attachments/% /attachments/1000/%
	/attachments/%/x.png /spaces/%/index.html /pages/% /search/%`)

// No rule of a sample puts into its answer what was asked for, leads to another host, or
// fails; and the configuration is one whatever keys, titles and names the wiki has.
func TestSamplesUnderAttack(t *testing.T) {
	site := exportedSite(t, hostileKeysTenant(t), nil)
	for _, name := range shownBy {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := startServer(t, name, site)
			attack(t, base)
			for _, key := range hostileKeys {
				for _, old := range []string{"/wiki/spaces/" + url.PathEscape(key),
					"/wiki/display/" + url.PathEscape(key) + "/" + url.PathEscape(key)} {
					if r, err := http.Get(base + old); err != nil {
						t.Fatal(err)
					} else if r.Body.Close(); r.StatusCode != http.StatusOK &&
						!strings.ContainsFunc(key, unicode.IsControl) && len(key) < 300 {
						t.Errorf("%.100s is answered with %s by %s", old, r.Status, r.Request.URL)
					}
				}
			}
		})
	}
}

// wire is a connection to a server, which is made anew where the server has closed it.
type wire struct {
	host string
	conn net.Conn
	in   *bufio.Reader
	used bool // answers came over it
}

// ask sends one request, as it is written, and reads the answer's head.
func (w *wire) ask(address string) (*http.Response, error) {
	if w.conn == nil {
		c, err := net.Dial("tcp", w.host)
		if err != nil {
			return nil, err
		}
		w.conn, w.in, w.used = c, bufio.NewReader(c), false
	}
	w.conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := fmt.Fprintf(w.conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", address, w.host); err != nil {
		return nil, err
	}
	return http.ReadResponse(w.in, nil)
}

func (w *wire) close() {
	if w.conn != nil {
		w.conn.Close()
	}
	w.conn = nil
}

// attack asks a server for all that is dangerous.
func attack(t *testing.T, base string) {
	t.Helper()
	asked := 0
	w := &wire{host: strings.TrimPrefix(base, "http://")}
	defer w.close()
	for i, where := range attacked {
		for k, what := range attacks {
			once := percent(what)
			texts := []string{what, once, percent(once)}
			if long {
				texts = append(texts, strings.ToLower(once), url.PathEscape(what), percent(percent(once)))
			} else {
				texts = texts[(i+k)%3 : (i+k)%3+1] // by turns: each address meets each form, and each attack has each
			}
			for _, text := range texts {
				if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
					continue // no address
				}
				asked++
				if why := w.wrong(t, strings.Replace(where, "%", text, 1)); why != "" {
					t.Errorf("%.200s: %s", strings.Replace(where, "%", text, 1), why)
				}
			}
		}
	}
	t.Logf("%d addresses", asked)
}

// percent encodes every byte.
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// wrong says what is wrong with the answer to an address that is sent as it is.
func (w *wire) wrong(t *testing.T, address string) string {
	t.Helper()
	r, err := w.ask(address)
	if err != nil && w.used { // it may have been closed meanwhile
		w.close()
		r, err = w.ask(address)
	}
	if err != nil {
		w.close()
		return err.Error()
	}
	io.Copy(io.Discard, r.Body)
	r.Body.Close()
	w.used = true
	if n := w.in.Buffered(); n > 0 {
		w.close()
		return fmt.Sprintf("%d bytes follow the answer", n)
	}
	if r.Close {
		w.close()
	}
	to := strings.TrimPrefix(r.Header.Get("Location"), "http://"+w.host)
	switch {
	case r.StatusCode >= 500:
		return r.Status
	case r.Header.Get("X-Evil") != "" || r.Header.Get("Set-Cookie") != "":
		return fmt.Sprintf("the answer is split: %v", r.Header)
	case to != "" && (to[0] != '/' || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t\x00")):
		return "leads to " + to
	}
	return ""
}
