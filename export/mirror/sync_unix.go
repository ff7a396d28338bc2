//go:build !windows

package mirror

import "errors"

// syncDir makes the names in a folder of the mirror lasting.
func (m *disk) syncDir(dir string) error {
	d, err := m.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
