package upload

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// State is what is known of a bucket: what this program has stored there. It lies beside the mirror, for its
// owner alone, as upload-….json, and what was done since that was written in a journal of lines. A lost line
// costs one more request: what a list says otherwise than the state is stored again.
type State struct {
	Withdrawing bool              `json:"withdrawing"` // what may not be shown may still be there
	Holds       []Holding         `json:"holds"`       // what the bucket may show
	Objects     map[string]Object `json:"objects"`     // ours, by name

	Fresh bool `json:"-"` // nothing was stored before, as far as is known

	dir, name string
	mu        sync.Mutex
	journal   *os.File
}

// Object is what is known of an object.
type Object struct {
	Sum    string   `json:"sum,omitempty"` // SHA-256; "" where it is not known
	Form   string   `json:"form,omitempty"`
	ETag   string   `json:"etag,omitempty"`
	Size   int64    `json:"size,omitempty"`
	Owners []string `json:"owners,omitempty"`
}

// stubSum stands for the checksum of what shows nothing.
const stubSum = "stub"

// Holding is a content, an attachment, or what else may have to be withdrawn.
type Holding struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	On    string `json:"on,omitempty"`    // of an attachment: its content
	Parts int    `json:"parts,omitempty"` // that were left out of a content
}

// Key names it.
func (h Holding) Key() string { return h.Kind + " " + h.ID }

// union has all of both; of what is in both, that with the fewest parts left out.
func union(a, b []Holding) []Holding {
	all := map[string]Holding{}
	for _, h := range slices.Concat(a, b) {
		if was, ok := all[h.Key()]; ok {
			h.Parts = min(h.Parts, was.Parts)
		}
		all[h.Key()] = h
	}
	out := make([]Holding, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[key])
	}
	return out
}

// ReadState reads what is known of a bucket, which is named by its host, its name and its prefix.
func ReadState(mirrorDir, target string) (*State, error) {
	sum := sha256.Sum256([]byte(target))
	s := &State{Objects: map[string]Object{}, dir: mirrorDir, name: "upload-" + hex.EncodeToString(sum[:6])}
	beside, err := os.OpenRoot(filepath.Dir(mirrorDir))
	if err != nil {
		return nil, err
	}
	defer beside.Close()
	data, err := beside.ReadFile(s.name + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		s.Fresh = true
		return s, nil
	}
	if err == nil && json.Unmarshal(data, s) != nil {
		err = &exit.CorruptError{Text: filepath.Join(filepath.Dir(mirrorDir), s.name) + ".json is damaged; without " +
			"it nobody knows what the bucket holds.\nMove it away: `agc-export help upload` says how to go on"}
	}
	if err != nil {
		return nil, err
	}
	if s.Objects == nil {
		s.Objects = map[string]Object{}
	}
	lines, err := beside.ReadFile(s.name + ".journal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s.replay(lines)
	return s, nil
}

// entry is a line of the journal: an object that was stored, or removed.
type entry struct {
	Name   string  `json:"name"`
	Object *Object `json:"object"`
}

// replay does what lines of a journal say. The last may be cut.
func (s *State) replay(lines []byte) {
	all := bufio.NewScanner(bytes.NewReader(lines))
	all.Buffer(nil, 1<<20)
	for all.Scan() {
		var e entry
		switch {
		case json.Unmarshal(all.Bytes(), &e) != nil:
		case e.Object == nil:
			delete(s.Objects, e.Name)
		default:
			s.Objects[e.Name] = *e.Object
		}
	}
}

// Save writes the whole state, and begins an empty journal. Nobody else changes it meanwhile.
func (s *State) Save() error {
	data, err := report.JSON(s)
	if err != nil {
		return err
	}
	if err := errors.Join(s.Close(), report.WriteBeside(s.dir, s.name+".json", data)); err != nil {
		return err
	}
	beside, err := os.OpenRoot(filepath.Dir(s.dir))
	if err != nil {
		return err
	}
	defer beside.Close()
	if err := beside.Remove(s.name + ".journal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.journal, err = beside.OpenFile(s.name+".journal", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return err
}

// Close ends writing.
func (s *State) Close() error {
	if s.journal == nil {
		return nil
	}
	err := s.journal.Close()
	s.journal = nil
	return err
}

// note keeps what was done to an object; nil: it was removed.
func (s *State) note(name string, o *Object) error {
	line, err := json.Marshal(entry{name, o})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o == nil {
		delete(s.Objects, name)
	} else {
		s.Objects[name] = *o
	}
	_, err = s.journal.WriteString(strings.TrimSpace(string(line)) + "\n")
	return err
}
