package mirror

// syncDir does nothing: Windows syncs names by itself.
func (m *disk) syncDir(string) error { return nil }
