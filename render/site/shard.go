package site

import (
	"bytes"
	"encoding/json"
	"path"
)

// Data that the script loads when a reader asks for it stands in classic scripts, which
// pages may load from file:// too, and calls a function that the script has laid ready:
//
//	nav/ENG.js              AGC.nav("ENG", [["100045", "ENG-3f2a9c01de.js"], ...])
//	nav/ENG-3f2a9c01de.js   AGC.branch({"100045": [["pages/100046.html", "Title", "folder", 1], ...]})
//
// The first one's name is the same in each generation and is looked at again whenever a
// page is opened; what it names may be kept for ever.

// NavIndex writes the file that says in which file the children of a content are.
// firsts are the least keys of the files, in order.
func NavIndex(space string, firsts, files []string) []byte {
	rows := make([][2]string, len(firsts))
	for i := range firsts {
		rows[i] = [2]string{firsts[i], path.Base(files[i])}
	}
	return script("AGC.nav", space, rows)
}

// Branch are the children of one content.
type Branch struct {
	Key   string // the name of the page without its ending, see NavIndex
	Nodes []Node // see Node; their Children are not looked at
}

// NavShard writes the children of some contents, each as [path, title, type, 1 if there
// is more below it]; what is left out as [path, number].
func NavShard(branches []Branch) []byte {
	all := map[string][][]any{}
	for _, br := range branches {
		rows := [][]any{}
		for _, n := range br.Nodes {
			switch {
			case n.Rest > 0:
				rows = append(rows, []any{n.Href + n.Place, n.Rest})
			case n.More:
				rows = append(rows, []any{n.Href, n.Text, typeOf(n), 1})
			case typeOf(n) != "":
				rows = append(rows, []any{n.Href, n.Text, typeOf(n)})
			default:
				rows = append(rows, []any{n.Href, n.Text})
			}
		}
		all[br.Key] = rows
	}
	return script("AGC.branch", all)
}

func typeOf(n Node) string {
	if kinds[n.Type] {
		return n.Type
	}
	return ""
}

// script writes a call with JSON arguments. JSON escapes "<", so that nothing in it can
// end a script element, and the two line ends that old scripts cannot hold.
func script(function string, args ...any) []byte {
	var b bytes.Buffer
	b.WriteString(function + "(")
	for i, a := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		data, err := json.Marshal(a)
		if err != nil {
			panic(err) // strings and numbers can always be written
		}
		b.Write(data)
	}
	b.WriteString(");\n")
	return b.Bytes()
}
