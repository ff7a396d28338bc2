package export

import (
	"cmp"
	"context"
	"os"
	"path/filepath"

	"agc-export/export/bag"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/signature"
)

// Signed is what was signed, and where the signature lies: beside it, so that what is signed stays as it is.
type Signed struct {
	List, Signature string // files
	Key             string // public, as a line of authorized_keys
}

// Sign signs the checksums of what is published, or those of a package where pack names one.
func Sign(ctx context.Context, cfg config.Output, pack, keyFile string) (s Signed, err error) {
	var f *os.File
	if pack != "" {
		if _, err := os.Stat(filepath.Join(pack, bag.Declaration)); err != nil {
			return s, &exit.UsageError{Text: "there is no package in " + pack,
				Hint: "`agc-export package DIR` makes one."}
		}
		harm := ""
		err = bag.VerifyLists(ctx, pack, func(name, what string) { harm = cmp.Or(harm, name+": "+what) })
		if err == nil && harm != "" {
			err = &exit.CorruptError{Text: "the package " + pack + " is not as it was made: " + names.Plain(harm) +
				"\n`agc-export verify --package` tells all. Pack it again, or take the copy that is whole"}
		}
		if err != nil {
			return s, err
		}
		s.List, s.Signature = filepath.Join(pack, bag.TagManifest), filepath.Clean(pack)+signatureEnd
		f, err = os.Open(s.List)
	} else {
		var name string
		if f, name, err = output.OpenSums(cfg.Dir); err == nil {
			s.List = filepath.Join(cfg.Dir, name, output.SumsFile)
			s.Signature = filepath.Join(filepath.Dir(filepath.Clean(cfg.Dir)), name+signatureEnd)
		}
	}
	if err != nil {
		return s, err
	}
	defer f.Close()
	s.Key, err = signature.Write(s.Signature, f, keyFile)
	return s, err
}

// signatureEnd ends the names of signatures, as ssh-keygen has it.
const signatureEnd = ".sig"
