package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Freshness is by space: what became restricted in a space is known as of the last sync
// that covered it. Several configurations may share a mirror, each with its own choice of
// spaces, so build asks whether the last sync covered all that it would publish.

const (
	// stateCovered is the key of the ids of the spaces that the last sync covered which
	// ended with whole lists, with spaces between. A mirror of an older version of this
	// program has none: its last sync counts as one that covered all.
	stateCovered = "covered"
	// stateSpaces is the key of the ids of all spaces that the account saw last, selected
	// or not, with spaces between.
	stateSpaces = "spaces"
	// stateSelection is the beginning of the key of what the configuration had selected for
	// the last generation of an output folder, see selectionKey.
	stateSelection = "selection "
)

// noteSpaces notes the spaces that the account sees.
func (s *syncer) noteSpaces(ctx context.Context, listed map[string]bool) error {
	s.visible = listed
	return s.mirror.SetState(ctx, stateSpaces, joinIDs(slices.Sorted(maps.Keys(listed))))
}

// readListed reads the spaces that the account saw last, nil where that was never noted.
func readListed(ctx context.Context, m *mirror.Mirror) (map[string]bool, error) {
	return readIDs(ctx, m, stateSpaces)
}

// covered notes the spaces of a run that read all lists to their end.
func (s *syncer) covered(ctx context.Context) error {
	return s.mirror.SetState(ctx, stateCovered, joinIDs(spaceIDs(s.spaces)))
}

func joinIDs(ids []string) string {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, mirror.CompareIDs)
	return strings.Join(ids, " ")
}

// readIDs reads a set of ids, nil where none was ever written.
func readIDs(ctx context.Context, m *mirror.Mirror, key string) (map[string]bool, error) {
	state, err := m.State(ctx, key)
	if err != nil || state == "" {
		return nil, err
	}
	ids := map[string]bool{}
	for _, id := range strings.Fields(state) {
		ids[id] = true
	}
	return ids, nil
}

// uncovered is an error where the configuration asks for spaces of the mirror that the
// last sync did not cover.
func (j *Job) uncovered(ctx context.Context, m *mirror.Mirror) error {
	covered, err := readIDs(ctx, m, stateCovered)
	if covered == nil {
		return err
	}
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return err
	}
	taken, err := readTaken(ctx, m)
	if err != nil {
		return err
	}
	var stale []string
	for _, sp := range spaces {
		if mirror.IsPresent(sp.Gone) && j.Config.Export.Wants(sp.Space) && !covered[sp.ID] && taken[mirror.Object{Kind: mirror.KindSpace, ID: sp.ID}] == "" {
			stale = append(stale, names.Plain(sp.Key))
		}
	}
	if len(stale) == 0 {
		return nil
	}
	slices.Sort(stale)
	return &exit.GuardError{Text: fmt.Sprintf("the last sync did not cover %s, which [export] spaces asks for: what became restricted there since is not known, so nothing new is published.\nRun agc-export export with this configuration. Where that can never be, build --unfinished publishes these spaces as they were read last", strings.Join(stale, ", "))}
}

// selectionKey is the key of an output folder's selection.
func (j *Job) selectionKey() (string, error) {
	dir, err := filepath.Abs(j.Config.Output.Dir)
	sum := sha256.Sum256([]byte(dir))
	return stateSelection + hex.EncodeToString(sum[:8]), err
}

// keepSelection notes what was selected for what is published now.
func (j *Job) keepSelection(ctx context.Context, m *mirror.Mirror) error {
	key, err := j.selectionKey()
	if err != nil {
		return err
	}
	data, err := json.Marshal(j.Config.Export.Selection())
	if err != nil {
		return err
	}
	return m.SetState(ctx, key, string(data))
}

// lastSelection reads what was selected for what is published; ok is false where that
// was not noted.
func (j *Job) lastSelection(ctx context.Context, m *mirror.Mirror) (last config.Selection, ok bool, err error) {
	key, err := j.selectionKey()
	if err != nil {
		return last, false, err
	}
	state, err := m.State(ctx, key)
	if err != nil || state == "" {
		return last, false, err
	}
	return last, json.Unmarshal([]byte(state), &last) == nil, nil
}
