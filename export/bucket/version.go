package bucket

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Old is a version of an object that is not the present one, or the note that it was removed.
type Old struct {
	Name    string
	Version string
	Note    bool // a delete marker
}

// Olds lists all that is not the present version of an object, and all notes of removals, below the prefix.
// A server that knows no versions has none.
func (b *Bucket) Olds(ctx context.Context) (all []Old, err error) {
	in := &s3.ListObjectVersionsInput{Bucket: &b.cfg.Name, Prefix: aws.String(b.cfg.Prefix)}
	for more := true; more; {
		page, err := b.client.ListObjectVersions(ctx, in)
		if err != nil {
			if code(err) == "NotImplemented" {
				return nil, nil
			}
			return nil, b.failed(ctx, "list the versions of the bucket", err)
		}
		in.KeyMarker, in.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
		more = aws.ToBool(page.IsTruncated)
		for _, v := range page.Versions {
			if name, below := strings.CutPrefix(aws.ToString(v.Key), b.cfg.Prefix); below && !aws.ToBool(v.IsLatest) {
				all = append(all, Old{name, aws.ToString(v.VersionId), false})
			}
		}
		for _, m := range page.DeleteMarkers {
			if name, below := strings.CutPrefix(aws.ToString(m.Key), b.cfg.Prefix); below {
				all = append(all, Old{name, aws.ToString(m.VersionId), true})
			}
		}
	}
	return all, nil
}

// RemoveOld removes a version for good.
func (b *Bucket) RemoveOld(ctx context.Context, old Old) error {
	_, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.cfg.Name,
		Key: aws.String(b.cfg.Prefix + old.Name), VersionId: &old.Version})
	return b.failed(ctx, "remove a version", err)
}
