package export

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
)

// realStore is a bucket of a real S3 server, versitygw, which keeps objects as files.
type realStore struct {
	http.Handler
	client *s3.Client
	dir    string
}

// newRealStores starts the server, if it was built.
func newRealStores(t *testing.T, versioned bool) *stores {
	t.Helper()
	program := filepath.Join(exporttest.Root(), ".ci", "tools", "bin", "versitygw")
	if _, err := os.Stat(program); err != nil {
		t.Skip("NOT TRIED WITH A REAL S3 SERVER: (cd .ci/tools && go build -o bin/versitygw " +
			"github.com/versity/versitygw/cmd/versitygw)")
	}
	dir := quickDir(t)
	for _, name := range []string{"data", "versions"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(program, "--quiet", "--port", address, "posix", "--versioning-dir",
		filepath.Join(dir, "versions"), filepath.Join(dir, "data"))
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GODEBUG=") }),
		"ROOT_ACCESS_KEY_ID=AKIATEST", "ROOT_SECRET_ACCESS_KEY="+bucketSecret)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal("versitygw does not listen")
		}
	}
	s := newStores(t, versioned)
	s.real = &realStore{client: realClient(t, "http://"+address), dir: dir}
	quiet := log.New(io.Discard, "", 0)
	s.real.Handler = &httputil.ReverseProxy{ErrorLog: quiet, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: address})
		r.Out.Host = r.In.Host // which is signed
	}}
	s.real.create(t, s.Name, versioned)
	return s
}

func realClient(t *testing.T, address string) *s3.Client {
	t.Helper()
	set, err := awsconfig.LoadDefaultConfig(t.Context(), awsconfig.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	return s3.NewFromConfig(set, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &address, true })
}

func (r *realStore) create(t *testing.T, name string, versioned bool) {
	t.Helper()
	if _, err := r.client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	if !versioned {
		return
	}
	_, err := r.client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: &name,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	if err != nil {
		t.Fatal(err)
	}
}

// versions asks for all objects in all versions.
func (r *realStore) versions(t testing.TB) map[string][]exporttest.Item {
	t.Helper()
	all := map[string][]exporttest.Item{}
	in := &s3.ListObjectVersionsInput{Bucket: aws.String("wiki")}
	for pages := s3.NewListObjectVersionsPaginator(r.client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			item := r.get(t, *v.Key, v.VersionId)
			item.Removed = !aws.ToBool(v.IsLatest) // no object, for objects()
			all[*v.Key] = append(all[*v.Key], item)
		}
		for _, m := range page.DeleteMarkers {
			all[*m.Key] = append(all[*m.Key], exporttest.Item{Removed: true})
		}
	}
	for key := range all {
		slices.SortStableFunc(all[key], func(a, b exporttest.Item) int {
			return map[bool]int{true: 0, false: 1}[a.Removed] - map[bool]int{true: 0, false: 1}[b.Removed]
		})
	}
	return all
}

func (r *realStore) get(t testing.TB, key string, version *string) exporttest.Item {
	t.Helper()
	out, err := r.client.GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("wiki"), Key: &key,
		VersionId: version})
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	item := exporttest.Item{Data: string(data), Header: http.Header{}}
	for name, value := range map[string]*string{"Content-Type": out.ContentType, "Cache-Control": out.CacheControl,
		"Content-Disposition": out.ContentDisposition} {
		if aws.ToString(value) != "" {
			item.Header.Set(name, *value)
		}
	}
	return item
}

// save copies the folders, with what the server notes beside the files.
func (r *realStore) save(t testing.TB) func() {
	t.Helper()
	kept := quickDir(t)
	replace := func(from, to string) {
		for _, name := range []string{"data", "versions"} {
			into := filepath.Join(to, name)
			old, _ := filepath.Glob(filepath.Join(into, "*"))
			for _, p := range old { // the server has the folder open
				if err := os.RemoveAll(p); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.MkdirAll(into, 0o700); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("cp", "-a", filepath.Join(from, name)+"/.", into).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
	}
	replace(r.dir, kept)
	return func() { replace(kept, r.dir) }
}

// A real S3 server takes what the small one of the tests does, and ends the same wherever an upload is stopped.
func TestUploadToRealServer(t *testing.T) {
	bucketEnv(t)
	for _, versioned := range []bool{false, true} {
		t.Run(fmt.Sprint("versioned ", versioned), func(t *testing.T) {
			s := newRealStores(t, versioned)
			w := newWorld(t, exporttest.Tenant())
			s.to(&w.Config)
			w.export(t, exit.Complete)
			s.wantGeneration(t, w)
			if r := w.uploaded(t, exit.Complete).Published.Upload; r.New+r.Changed+r.Removed > 0 || r.Same < 300 {
				t.Errorf("again: %+v", r)
			}
			if os.Getenv("AGC_LONG") == "" {
				return
			}
			uploadKilled(t, newRealStores(t, versioned), versioned)
		})
	}
}
