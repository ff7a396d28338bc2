package tenantsync

import (
	"context"
	"errors"
	"io"

	"agc-export/export/arrival"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// download brings the bytes of attachments that the mirror lacks, or has lost since. One that cannot be
// had is a failure of that file alone; what stops the whole run is passed on.
func (s *files) download(ctx context.Context) error {
	var wanted []wiki.Attachment
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ok := s.seen[a.PageID]; !ok || a.Gone != "" {
			continue
		}
		if a.Blob == "" || !s.mirror.HasBlob(a.Blob, a.BlobSize) || s.isDamaged("blob", a.Blob) {
			wanted = append(wanted, a.Attachment)
		}
		old, err := s.history.Files(ctx, a)
		if err != nil {
			return err
		}
		wanted = append(wanted, old...)
	}
	if err := s.readers.suspect(ctx, ids(wanted, func(a wiki.Attachment) string { return a.PageID })); err != nil {
		return err
	}
	came := arrival.New(s.mirror, func(h mirror.Held) {
		s.report.Count(func(c *report.Synced) { c.Downloads++; c.Bytes += h.Size })
		s.report.Store(mirror.KindAttachment, h.Attachment, h.Version)
	})
	one := func(ctx context.Context, a wiki.Attachment) error { return s.downloadOne(ctx, a, came) }
	return parallel.Counted(ctx, "files", s.cfg.Fetch.Workers, wanted, one)
}

// downloadOne brings one file. Its bytes are on disk, summed and of the listed size,
// before the row that names them: nothing that was fetched is fetched again.
func (s *files) downloadOne(ctx context.Context, a wiki.Attachment, came *arrival.Arrivals) error {
	sum, size, err := s.transfer(ctx, a)
	if err != nil {
		if Stops(err) || ctx.Err() != nil {
			return err // another one's failure that ended this one is none of its own
		}
		s.report.Fail(report.Failure{Kind: "attachment", ID: a.ID, Reason: err.Error()})
		return nil
	}
	blob := mirror.Blob{Version: a.Version.Number, Sum: sum, Size: size}
	return came.Add(ctx, mirror.Held{Attachment: a.ID, Blob: blob})
}

// transfer brings the bytes of an attachment to a blob.
func (s *files) transfer(ctx context.Context, a wiki.Attachment) (sum string, size int64, err error) {
	return s.mirror.WriteBlob(ctx, func(w *mirror.BlobWriter) error {
		_, err := s.client.Download(ctx, a, func() (io.Writer, error) { return w, w.Restart() })
		return err
	})
}

// downloadIcons brings the pictures of the spaces that have another than the mirror
// knows. One that the API does not give is missing, and no failure.
func (s *files) downloadIcons(ctx context.Context) error {
	known, err := s.mirror.Spaces(ctx)
	if err != nil {
		return err
	}
	have := map[string]mirror.Icon{}
	for _, sp := range known {
		have[sp.ID] = sp.Icon
	}
	for _, sp := range s.spaces {
		icon, ok := sp.Icon()
		if !ok || have[sp.ID].Source == sp.IconSource && have[sp.ID].Sum != "" &&
			!s.isDamaged("blob", have[sp.ID].Sum) {
			continue
		}
		sum, size, err := s.transfer(ctx, icon)
		switch {
		case err == nil:
			err = s.mirror.SetIcon(ctx, sp.ID, mirror.Icon{Source: sp.IconSource, Sum: sum, Size: size})
			s.report.Count(func(c *report.Synced) { c.Downloads++; c.Bytes += size })
		case !Stops(err):
			err = s.optional("icon of space "+sp.Key, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Stops reports errors after which trying other objects is of no use.
func Stops(err error) bool {
	return errors.As(err, new(*exit.SignalError)) || errors.Is(err, context.Canceled) ||
		errors.Is(err, context.DeadlineExceeded) || exit.IsDisk(err) || errors.As(err, new(*mirror.ForeignError)) ||
		fetch.IsAuth(err) && !fetch.IsScope(err) || fetch.IsConfig(err) || fetch.IsRate(err) || fetch.IsBudget(err) ||
		fetch.IsDown(err)
}
