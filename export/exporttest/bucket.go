package exporttest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Bucket is a small S3-compatible server with one bucket, for where no real one was built. It knows what
// agc-export asks of one, and refuses all else.
type Bucket struct {
	Name      string
	Versioned bool
	Refuses   func(*http.Request) bool // answers 403; may be nil

	mu    sync.Mutex
	last  int
	Items map[string][]Item // by key, the newest last
}

// Item is a version of an object, or the note that it was removed.
type Item struct {
	Version string
	Data    string
	Header  http.Header // Content-Type and the like
	Removed bool
}

// Copy is another bucket with the same objects.
func (b *Bucket) Copy() *Bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := &Bucket{Name: b.Name, Versioned: b.Versioned, Refuses: b.Refuses, last: b.last, Items: map[string][]Item{}}
	for key, all := range b.Items {
		c.Items[key] = slices.Clone(all)
	}
	return c
}

// Objects are the objects that are there.
func (b *Bucket) Objects() map[string]Item {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]Item{}
	for key, all := range b.Items {
		if last := all[len(all)-1]; !last.Removed {
			out[key] = last
		}
	}
	return out
}

func (i Item) etag() string { return fmt.Sprintf("%.32x", sha256.Sum256([]byte(i.Data))) }

// ServeHTTP answers.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	q := r.URL.Query()
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") || b.Refuses != nil && b.Refuses(r):
		refuse(w, 403, "AccessDenied")
	case name != b.Name:
		refuse(w, 404, "NoSuchBucket")
	case r.Method == http.MethodPut && key != "":
		b.put(w, r, key)
	case r.Method == http.MethodDelete && key != "":
		b.remove(key, q.Get("versionId"))
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && key == "" && q.Has("versions"):
		b.listVersions(w, q.Get("prefix"))
	case r.Method == http.MethodGet && key == "" && q.Get("list-type") == "2":
		b.list(w, q.Get("prefix"), q.Get("continuation-token"))
	default:
		refuse(w, 501, "NotImplemented")
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

func (b *Bucket) put(w http.ResponseWriter, r *http.Request, key string) {
	data, err := io.ReadAll(r.Body)
	sum := sha256.Sum256(data)
	switch {
	case err != nil || int64(len(data)) != r.ContentLength:
		refuse(w, 400, "IncompleteBody")
		return
	case r.Header.Get("X-Amz-Checksum-Sha256") != base64.StdEncoding.EncodeToString(sum[:]):
		refuse(w, 400, "BadDigest")
		return
	}
	item := Item{Version: b.version(), Data: string(data), Header: http.Header{}}
	for _, name := range []string{"Content-Type", "Cache-Control", "Content-Disposition"} {
		if v := r.Header.Get(name); v != "" {
			item.Header.Set(name, v)
		}
	}
	b.add(key, item)
	w.Header().Set("Etag", `"`+item.etag()+`"`)
}

func (b *Bucket) version() string {
	b.last++
	return fmt.Sprintf("v%d", b.last)
}

func (b *Bucket) add(key string, item Item) {
	if !b.Versioned {
		item.Version = "null"
		b.Items[key] = []Item{item}
		return
	}
	b.Items[key] = append(b.Items[key], item)
}

func (b *Bucket) remove(key, version string) {
	switch {
	case version != "":
		b.Items[key] = slices.DeleteFunc(b.Items[key], func(i Item) bool { return i.Version == version })
		if len(b.Items[key]) == 0 {
			delete(b.Items, key)
		}
	case !b.Versioned:
		delete(b.Items, key)
	default:
		b.add(key, Item{Version: b.version(), Removed: true})
	}
}

// page is how many objects a list tells at once.
const page = 100

func (b *Bucket) list(w http.ResponseWriter, prefix, after string) {
	type content struct {
		Key, ETag string
		Size      int
	}
	var out struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	for _, key := range slices.Sorted(maps.Keys(b.Items)) {
		last := b.Items[key][len(b.Items[key])-1]
		if last.Removed || !strings.HasPrefix(key, prefix) || key <= after {
			continue
		}
		if len(out.Contents) == page {
			out.IsTruncated, out.NextContinuationToken = true, out.Contents[page-1].Key
			break
		}
		out.Contents = append(out.Contents, content{key, `"` + last.etag() + `"`, len(last.Data)})
	}
	answer(w, out)
}

func (b *Bucket) listVersions(w http.ResponseWriter, prefix string) {
	type version struct {
		Key, VersionId string
		IsLatest       bool
	}
	var out struct {
		XMLName      xml.Name `xml:"ListVersionsResult"`
		IsTruncated  bool
		Version      []version
		DeleteMarker []version
	}
	for _, key := range slices.Sorted(maps.Keys(b.Items)) {
		for n, item := range b.Items[key] {
			v := version{key, item.Version, n == len(b.Items[key])-1}
			switch {
			case !strings.HasPrefix(key, prefix):
			case item.Removed:
				out.DeleteMarker = append(out.DeleteMarker, v)
			default:
				out.Version = append(out.Version, v)
			}
		}
	}
	answer(w, out)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/xml")
	data, err := xml.Marshal(v)
	if err != nil {
		refuse(w, 500, "InternalError")
		return
	}
	w.Write(data)
}
