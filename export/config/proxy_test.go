package config

import (
	"fmt"
	"strings"
	"testing"
)

// TestCheckProxies: what the transport takes for a proxy or a host is right, and what it would pass
// over is told by the variable's name alone.
func TestCheckProxies(t *testing.T) {
	for value, right := range map[string]bool{
		"": true, "proxy:8080": true, "proxy.example": true, "http://proxy:8080/": true, "https://proxy": true,
		"socks5://127.0.0.1:1080": true, "socks5h://u:p@[::1]:1080": true, "http://u:p%40ss%23@proxy:3128": true,
		"10.1.2.3:8080": true, "http://under_score:80": true, "http://[fe80::1%25eth0]:80": true,
		"http://": false, "http:/proxy:8080": false, "http//proxy": false, "ftp://proxy": false, "proxy:port": false,
		"proxy:99999": false, "http://u:p#ss@proxy:80": false, "http://u:p/ss@proxy:80": false,
		"http://u:p%ss@proxy:80": false, " http://proxy:80": false, "http://pro xy:80": false,
		"http://proxy:80\n": false,
		"http://proxy:0":    false, "http://proxy:80/path": false, "http://:8080": false, "http://proxy:80?x": false,
		"<proxy>": false, "http://[::1": false, "DIRECT;": false, "http://u:p@ss@proxy\x00": false,
	} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			judge(t, name, value, right)
		}
	}
	for value, right := range map[string]bool{
		"": true, "*": true, "localhost": true, "a.example, .b.example ,*.c.example": true, "10.0.0.0/8": true,
		"10.1.2.3:443": true, "::1": true, "[::1]:80": true, "fd00::/8": true, "host:8080": true, ",a,": true,
		"[::1]": true, "a.example.": true,
		"a.example b.example": false, "10.0.0.0/33": false, "http://a.example": false, "10.*": false,
		"a.example;b.example": false, "a*": false, "host:": false, ":80": false, "a/b": false,
	} {
		for _, name := range []string{"NO_PROXY", "no_proxy"} {
			judge(t, name, value, right)
		}
	}
}

func judge(t *testing.T, name, value string, right bool) {
	t.Helper()
	err := CheckProxies(map[string]string{name: value})
	if (err == nil) != right {
		t.Errorf("%s=%q: %v", name, value, err)
	}
	text := fmt.Sprint(err)
	if err != nil && (!strings.Contains(text, name) || len(value) > 8 && strings.Contains(text, value)) {
		t.Errorf("%s=%q is told as %s", name, value, text)
	}
}
