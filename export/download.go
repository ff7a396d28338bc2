package export

import (
	"context"
	"errors"
	"io"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

// download brings the bytes of attachments that the mirror lacks. One that cannot be
// had is a failure of that file alone; what stops the whole run is passed on.
func (s *syncer) download(ctx context.Context) error {
	var wanted []fetch.Attachment
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ok := s.seen[a.PageID]; ok && a.Gone == "" && a.Blob == "" {
			wanted = append(wanted, a.Attachment)
		}
	}
	return fetch.Each(ctx, s.cfg.Fetch.Workers, wanted, s.downloadOne)
}

func (s *syncer) downloadOne(ctx context.Context, a fetch.Attachment) error {
	sum, size, err := s.mirror.WriteBlob(ctx, func(w *mirror.BlobWriter) error {
		_, err := s.client.Download(ctx, a, func() (io.Writer, error) { return w, w.Restart() })
		return err
	})
	if err != nil {
		if stops(err) {
			return err
		}
		s.report.fail(Failure{Kind: "attachment", ID: a.ID, Reason: err.Error()})
		return nil
	}
	if err := s.mirror.SetBlob(ctx, a.ID, a.Version.Number, sum, size); err != nil {
		return err
	}
	s.report.count(func(c *Synced) { c.Downloads++; c.Bytes += size })
	return nil
}

// stops reports errors after which trying other objects is of no use.
func stops(err error) bool {
	var corrupt *mirror.ForeignError
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || isDisk(err) || errors.As(err, &corrupt) ||
		fetch.IsAuth(err) && !fetch.IsScope(err) || fetch.IsConfig(err) || fetch.IsRate(err) || fetch.IsBudget(err) || fetch.IsDown(err)
}
