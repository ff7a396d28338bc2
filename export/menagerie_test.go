package export

import (
	"fmt"
	"maps"
	"testing/fstest"
)

// shutHead adds a space that is not exported to the aviary.
const shutHead = `[[spaces]]
id = "3"
key = "SHUT"
name = "zqshut"
homepage = "SHUT/home.xml"
`

// openHead is the front matter of an open content with words of its own, which tell
// whether it is published whole.
func openHead(id, title, more string, version int) string {
	return fmt.Sprintf(`+++
id = %q
title = %q
labels = ["label%s"]
version = %d
%s
[[comments]]
id = "1%s"
body = "<p>tokcomment%s</p>"
[[comments]]
id = "2%s"
parent = "1%s"
body = "<p>tokreply%s</p>"
[[attachments]]
name = "file%s.txt"
+++
`, id, title, id, version, more, id, id, id, id, id, id)
}

// menagerie is the aviary with few readers, an excluded space, and open contents of every
// kind, on two days: what is on the second is newer.
func menagerie(day int) fstest.MapFS {
	files := fstest.MapFS{}
	maps.Copy(files, aviary("group:few"))
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(canaryHead + shutHead)}
	add := func(name, head, id string) {
		body := fmt.Sprintf("<p>tokbody%s</p><ac:task-list><ac:task><ac:task-id>1</ac:task-id>"+
			"<ac:task-status>incomplete</ac:task-status>"+
			"<ac:task-body>toktask%s</ac:task-body></ac:task></ac:task-list>", id, id)
		files[name+".xml"] = &fstest.MapFile{Data: []byte(head + body)}
		files[name+".files/file"+id+".txt"] = &fstest.MapFile{Data: []byte("tokfile" + id)}
	}
	add("OPEN/home/open", openHead("5002", "Open page", "", day), "5002")
	add("OPEN/home/open/under", openHead("5004", "Under it", "", 1), "5004")
	add("OPEN/home/past", openHead("5005", "Past", "status = \"archived\"", 1), "5005")
	add("OPEN/news", openHead("5006", "News", "type = \"blogpost\"", day), "5006")
	add("HALF/open", openHead("5003", "Beside", "", 1), "5003")
	files["OPEN/home/shelf.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"5007\"\ntitle = \"Shelf\"\ntype = " +
		"\"folder\"\n+++\n")}
	add("OPEN/home/shelf/book", openHead("5008", "Book", "", 1), "5008")
	files["OPEN/home/one/closet.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"7700310\"\ntitle = " +
		"\"zqcloset\"\ntype = \"folder\"\n+++\n")}
	files["OPEN/home/one/closet/board.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"7700311\"\ntitle = " +
		"\"zqboard\"\ntype = \"whiteboard\"\n+++\n")}
	page := func(name, id, more string) {
		files[name+".xml"] = &fstest.MapFile{Data: []byte(secretHead(id, "zqtitle "+id, more) + aviaryBodies["secret"])}
		files[name+".files/zqfile.png"] = &fstest.MapFile{Data: []byte("zqbytes")}
	}
	page("OPEN/home/one/closet/coat", "7700312", "")
	page("OPEN/home/one/past", "7700313", "status = \"archived\"\n")
	page("SHUT/home", "7700314", "")
	page("SHUT/other", "7700315", "")
	if day > 1 {
		add("OPEN/home/fresh", openHead("5009", "Fresh", "", 1), "5009")
		page("OPEN/home/one/fresh", "7700316", "")
		page("OPEN/home/own", "7700317", "readers = [\"user:712020:9\"]\n")
	}
	return files
}
