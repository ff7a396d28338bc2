package wiki

import (
	"net/url"
	"strconv"
	"strings"
)

// Icon returns the icon of the space as an attachment that Download brings, of
// unknown size and type. False: it has none, or one at an address that is none of the
// API's, which is never asked for.
func (s Space) Icon() (Attachment, bool) {
	u, err := url.Parse(s.IconPath)
	if err != nil {
		return Attachment{}, false
	}
	_, rest, _ := strings.Cut(u.Path, "/rest/api/content/")
	part := strings.Split(rest, "/")
	if len(part) != 5 || part[1] != "child" || part[2] != "attachment" || part[4] != "download" {
		return Attachment{}, false
	}
	a := Attachment{ID: part[3], PageID: part[0], Title: "icon of " + s.Key, Status: StatusCurrent}
	a.Version.Number, _ = strconv.Atoi(u.Query().Get("version"))
	return a, a.ID != "" && a.PageID != ""
}
