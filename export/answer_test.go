package export

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"

	"agc-export/fetch/faketenant"
)

// always makes every request of an operation fail.
func always(op string, status int, body string) faketenant.Fault {
	return faketenant.Fault{Op: op, Times: -1, Status: status, Body: body}
}

// page403 and the like are errors as the sides write them.
const (
	page403   = `{"errors":[{"status":403,"code":"FORBIDDEN","title":"Not permitted","detail":null}]}`
	page404   = `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Cannot find a page with id [1]","detail":null}]}`
	signIn    = `<!DOCTYPE html><html><body>Sign in to continue</body></html>`
	busy      = `<html><head><title>503</title></head></html>`
	metadata4 = "http://169.254.169.254/latest/meta-data/"
)

// follow puts a link to a next answer into an answer that is a list.
func follow(b []byte, link string) []byte {
	var answer struct{ Results json.RawMessage }
	if json.Unmarshal(b, &answer) != nil || answer.Results == nil {
		return b
	}
	return fmt.Appendf(nil, `{"results":%s,"_links":{"next":%q}}`, answer.Results, link)
}

// shorten takes the last object out of an answer's list.
func shorten(b []byte) []byte {
	from := bytes.Index(b, []byte(`"results":[`))
	if from < 0 {
		return b
	}
	return append(b[:from:from], []byte(`"results":[],"_links":{}}`)...)
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}
