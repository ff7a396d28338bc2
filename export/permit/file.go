package permit

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/report"
)

// File is the name of the list, beside the mirror.
const File = "access.csv"

// header names the columns.
var header = []string{"space", "space_name", "subject", "id", "name", "operation", "target"}

func (r row) fields() []string {
	return []string{r.Space, r.SpaceName, r.Subject, r.ID, r.Name, r.Operation, r.Target}
}

// read returns the rows of the list, none where it is not there or is not one that write made.
func read(mirrorDir string) []row {
	beside, err := os.OpenRoot(filepath.Dir(mirrorDir))
	if err != nil {
		return nil
	}
	defer beside.Close()
	data, err := beside.ReadFile(File)
	if err != nil {
		return nil
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(lines) == 0 || !slices.Equal(lines[0], header) {
		return nil
	}
	var all []row
	for _, f := range lines[1:] {
		for i := range f {
			f[i] = strings.TrimPrefix(f[i], "'")
		}
		all = append(all, row{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
	}
	return all
}

// write puts the list in its place.
func write(mirrorDir string, all []row) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(header) // into memory
	for _, r := range all {
		_ = w.Write(report.Cells(r.fields()...))
	}
	w.Flush()
	return report.WriteBeside(mirrorDir, File, b.Bytes())
}
