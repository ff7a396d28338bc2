package exporttest

import "golang.org/x/net/html"

// Attribute is an attribute of an element, or "".
func Attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
