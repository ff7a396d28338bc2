package config

import "io/fs"

// ownerOf knows nothing of owners here: Windows keeps them in access lists.
func ownerOf(fs.FileInfo) (user int, known bool) { return 0, false }
