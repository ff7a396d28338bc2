package names

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agc-export/export/exporttest"
)

// stockApache is Apache as Debian sets it up, with its own tables of types, languages and
// encodings and handlers as PHP, CGI and includes bind them, and nothing of our samples.
// It tells the handler that it chose.
const stockApache = `ServerRoot @DIR@
PidFile @DIR@/pid
ErrorLog @DIR@/log
Listen @ADDR@
User www-data
Group www-data
ServerName localhost
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
LoadModule negotiation_module /usr/lib/apache2/modules/mod_negotiation.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
Include /etc/apache2/mods-available/mime.conf
Include /etc/apache2/mods-available/negotiation.conf
AddHandler application/x-httpd-php .php .php5 .phtml .phar
AddHandler cgi-script .cgi .pl .py .sh
AddHandler server-parsed .shtml
AddHandler send-as-is .asis
AddHandler type-map .var
AddHandler imap-file .map
DocumentRoot @DIR@/files
Header always set X-Handler "expr=%{HANDLER}"
<Directory @DIR@/files>
Options +MultiViews
Require all granted
</Directory>
`

// What is published is inert on a real Apache that knows nothing of us: no file has an
// active type or a handler. Under its own name many have.
func TestStockApache(t *testing.T) {
	program, err := exec.LookPath("apache2")
	if err != nil {
		t.Skipf("STOCK APACHE NOT TESTED: %v; install Debian's apache2", err)
	}
	dir := openDir(t)
	write := func(name string) string {
		p := filepath.Join(dir, "files", name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("<script>1</script>"), 0o644); err != nil {
			t.Fatal(err)
		}
		return "/" + (&url.URL{Path: name}).EscapedPath()
	}
	base := serveStock(t, program, dir)
	active := 0
	for i, c := range activeNames {
		for _, name := range []string{Published(FileName(c.name)), strings.Map(plainRune, c.name)} {
			ours := name == Published(FileName(c.name))
			status, typ, handler := askStock(t, base+write(fmt.Sprintf("%d/%s", i, name)))
			inert := !exporttest.ActiveType.MatchString(typ) &&
				(handler == "" || strings.Contains(handler, "/") && handler == typ)
			switch {
			case ours && status != http.StatusOK: // what cannot be read shows nothing
				t.Fatalf("%q: status %d", name, status)
			case inert:
			case ours:
				t.Errorf("%q: type %q, handler %q", name, typ, handler)
			default:
				active++
			}
		}
	}
	if active < 15 {
		t.Errorf("under their own names only %d files are active: the test has lost its point", active)
	}
}

// openDir returns a folder that a server which runs as another user can read: TMPDIR may
// be one of ours alone.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "stock-apache-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plainRune leaves out what cannot stand in a file name or an address.
func plainRune(r rune) rune {
	if r < ' ' || r == '/' || r == '%' {
		return -1
	}
	return r
}

// serveStock starts the server, which ends with the test.
func serveStock(t *testing.T, program, dir string) (base string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	conf := strings.NewReplacer("@DIR@", dir, "@ADDR@", address).Replace(stockApache)
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-D", "FOREGROUND", "-f", filepath.Join(dir, "conf"))
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address
		}
	}
	text, _ := os.ReadFile(filepath.Join(dir, "log"))
	t.Fatalf("it does not listen: %s %s", said.String(), text)
	return ""
}

// askStock returns status and type of an answer and the handler that made it.
func askStock(t *testing.T, address string) (status int, typ, handler string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Header.Get("Content-Type"), resp.Header.Get("X-Handler")
}
