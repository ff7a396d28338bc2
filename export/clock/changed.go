package clock

import (
	"context"
	"time"

	"agc-export/export/mirror"
)

// Begin says that what is fetched from now on was fetched by a sync that began at a time, by this machine's clock.
// Of a mirror that was filled before anybody noted when it changed it notes what it holds now.
func Begin(ctx context.Context, m *mirror.Mirror, at time.Time) error {
	m.FetchedAt(at)
	last, err := m.Changed(ctx)
	if err != nil || last.Print != "" {
		return err
	}
	was, err := m.Clock(ctx)
	if err != nil || was.Listed.IsZero() {
		return err
	}
	print, err := m.Fingerprint(ctx)
	if err != nil {
		return err
	}
	return m.SetChanged(ctx, mirror.Changed{Print: print})
}

// End notes when the sync began that ends now, if the mirror holds something else than when that was noted last.
func End(ctx context.Context, m *mirror.Mirror, at time.Time) error {
	last, err := m.Changed(ctx)
	if err != nil {
		return err
	}
	print, err := m.Fingerprint(ctx)
	if err != nil || print == last.Print {
		return err
	}
	return m.SetChanged(ctx, mirror.Changed{Print: print, At: time.Unix(at.Unix(), 0).UTC()})
}
