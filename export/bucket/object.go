package bucket

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Object is an object as a list tells of it.
type Object struct {
	ETag string // says nothing but that two are the same
	Size int64
}

// List lists all objects below the prefix, by name.
func (b *Bucket) List(ctx context.Context) (map[string]Object, error) {
	all := map[string]Object{}
	in := &s3.ListObjectsV2Input{Bucket: &b.cfg.Name, Prefix: aws.String(b.cfg.Prefix)}
	for more := true; more; {
		page, err := b.client.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, b.failed(ctx, "list the bucket", err)
		}
		in.ContinuationToken, more = page.NextContinuationToken, aws.ToBool(page.IsTruncated)
		for _, o := range page.Contents {
			name, below := strings.CutPrefix(aws.ToString(o.Key), b.cfg.Prefix)
			if !below || name == "" || strings.HasSuffix(name, "/") && aws.ToInt64(o.Size) == 0 {
				continue // what consoles make of a folder
			}
			all[name] = Object{aws.ToString(o.ETag), aws.ToInt64(o.Size)}
		}
	}
	return all, nil
}

// Form is how an object is told to who reads it.
type Form struct {
	Type        string // Content-Type
	Cache       string // Cache-Control
	Disposition string // Content-Disposition, may be empty
}

// Put stores an object of a size, whose SHA-256 the server compares, and returns its ETag.
func (b *Bucket) Put(ctx context.Context, name string, body io.ReadSeeker, size int64, sum string,
	form Form) (string, error) {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return "", err
	}
	in := &s3.PutObjectInput{Bucket: &b.cfg.Name, Key: aws.String(b.cfg.Prefix + name), Body: body,
		ContentLength: &size, ContentType: &form.Type, CacheControl: &form.Cache,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(raw))}
	if form.Disposition != "" {
		in.ContentDisposition = &form.Disposition
	}
	if b.cfg.KMSKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &b.cfg.KMSKey
	}
	out, err := b.client.PutObject(ctx, in)
	if err != nil {
		return "", b.failed(ctx, "store an object", err)
	}
	return aws.ToString(out.ETag), nil
}

// Remove removes an object; one that is not there is none to remove. In a bucket with versions its bytes stay.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	_, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.cfg.Name,
		Key: aws.String(b.cfg.Prefix + name)})
	return b.failed(ctx, "remove an object", err)
}
