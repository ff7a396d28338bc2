package config

import "io/fs"

// foreign knows nothing of owners here: Windows keeps them in access lists.
func foreign(fs.FileInfo) bool { return false }
