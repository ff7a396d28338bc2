package markdown

import (
	"encoding/json"
	"html"
	"strings"

	"agc-export/render/storage"
)

// maxValues bounds how deep values within values are looked into.
const maxValues = 12

// valueOf returns what a parameter holds: a text, a list or an object, in itself or as JSON.
func valueOf(n *storage.Node, depth int) any {
	object, list := map[string]any{}, []any{}
	for c := n.FirstChild; c != nil && depth < maxValues; c = c.NextSibling {
		switch c.Name {
		case "ac:adf-parameter":
			object[c.Get("key")] = valueOf(c, depth+1)
		case "ac:adf-parameter-value":
			list = append(list, valueOf(c, depth+1))
		}
	}
	switch {
	case len(object) > 0:
		return object
	case len(list) > 0:
		return list
	}
	return decoded(n.TextContent(), depth)
}

// decoded returns a text, or what it holds as JSON: texts within that may be JSON once more.
func decoded(s string, depth int) any {
	raw := strings.TrimSpace(s)
	if strings.HasPrefix(raw, "%5B") || strings.HasPrefix(raw, "%7B") {
		raw = unquery(raw)
	}
	if strings.HasPrefix(raw, "[") || strings.HasPrefix(raw, "{") {
		if u := html.UnescapeString(raw); u != raw && !json.Valid([]byte(raw)) && json.Valid([]byte(u)) {
			raw = u // its quotes stand as &quot;
		}
	}
	if depth >= maxValues || raw == "" || !strings.ContainsRune(`[{"`, rune(raw[0])) {
		return s
	}
	var v any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber() // ids have more digits than a fraction keeps
	if d.Decode(&v) != nil || d.More() {
		return s
	}
	return deeper(v, depth+1)
}

// deeper decodes the texts within a value.
func deeper(v any, depth int) any {
	switch v := v.(type) {
	case string:
		return decoded(v, depth)
	case []any:
		for i := range v {
			v[i] = deeper(v[i], depth)
		}
	case map[string]any:
		for key := range v {
			v[key] = deeper(v[key], depth)
		}
	}
	return v
}

// documentOf returns the lines of a document of the new editor's, as apps keep it: nodes with a
// type and a content, and texts at their ends. It returns nil for all else.
func documentOf(v any, depth int) []string {
	object, _ := v.(map[string]any)
	kind, _ := object["type"].(string)
	content, _ := object["content"].([]any)
	if depth == 0 && kind != "doc" || depth > 4*maxValues {
		return nil
	}
	if s, ok := object["text"].(string); ok && kind == "text" {
		return []string{s}
	}
	lines, running := []string{}, ""
	for _, e := range content {
		child, _ := e.(map[string]any)
		inner := documentOf(e, depth+1)
		if child["type"] == "text" {
			running += strings.Join(inner, "")
			continue
		}
		lines = append(lines, inner...)
	}
	if running != "" {
		lines = append(lines, running)
	}
	if len(lines) == 0 {
		return nil
	}
	return lines
}

// wrapped makes a document of the nodes of one.
func wrapped(v any) any {
	list, _ := v.([]any)
	if len(list) == 0 {
		return v
	}
	node, _ := list[0].(map[string]any)
	if _, ok := node["content"].([]any); !ok || node["type"] == nil {
		return v
	}
	return map[string]any{"type": "doc", "content": list}
}

// plainOf returns a text without the tags of HTML, a line for each of its blocks. Signs that an
// app has written as references are signs, and so are those of tags.
func plainOf(s string) string {
	if !strings.Contains(s, "<") {
		s = html.UnescapeString(s)
	}
	if !strings.Contains(s, "</") && !strings.Contains(s, "/>") && !strings.Contains(s, "<br") {
		return s
	}
	root, _ := storage.Parse(s)
	var b strings.Builder
	for n := range root.All() {
		if n.IsText() {
			b.WriteString(n.Text)
		} else if blockName(n.Name) || n.Name == "br" {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}
