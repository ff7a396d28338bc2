package publish

import (
	"io"

	"agc-export/export/catalog"
	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/picture"
)

// filed is what is kept of a file that was published.
type filed struct {
	Picture       string
	Width, Height int
	Stamp         output.Stamp
}

// writeFile publishes an attachment, or takes it over from the generation before.
func (b *builder) writeFile(a *catalog.Attachment) error {
	sum := a.Published()
	if sum == "" {
		return nil
	}
	w := b.link.newWork(workFile, a.Node, sum, a.Path, a.IsPicture())
	w.Key = workFile + a.Path
	var was filed
	if ok, err := b.keepFile(w, a, &was); ok || err != nil {
		a.Picture, a.Width, a.Height = was.Picture, was.Width, was.Height
		return err
	}
	f, err := b.link.mirror.OpenBlob(sum)
	if err != nil {
		return &exit.CorruptError{Text: "attachment " + a.ID + ": its bytes are missing in the mirror"}
	}
	defer f.Close()
	switch {
	case a.IsPicture():
		a.Width, a.Height, err = picture.Size(f)
	case picture.Drawing(a.Path) != "":
		err = b.writeDrawing(w, a, f)
	}
	if err != nil {
		return err
	}
	name := output.SiteDir + "/" + a.Path
	if err := b.gen.Copy(name, f, sum); err != nil {
		return err
	}
	stamp, err := b.gen.StampOf(name)
	if err != nil {
		return err
	}
	w.Done(filed{a.Picture, a.Width, a.Height, stamp})
	return b.gen.Link(b.form.FileOf(a.Path), name)
}

// keepFile takes an attachment over, and the picture that was made of it.
func (b *builder) keepFile(w work, a *catalog.Attachment, was *filed) (bool, error) {
	r, ok := w.Last()
	if !ok || !r.Read(was) {
		return false, nil
	}
	name := output.SiteDir + "/" + a.Path
	if ok, err := b.gen.KeepLarge(name, a.Published(), was.Stamp, r.Files()); !ok || err != nil {
		return false, err
	}
	b.out.Traces.PutAgain(w.Key, r)
	return true, b.gen.Link(b.form.FileOf(a.Path), name)
}

// writeDrawing publishes a safe picture of an SVG beside the file, which stays as it is for
// those who want it.
func (b *builder) writeDrawing(w work, a *catalog.Attachment, f io.ReadSeeker) error {
	svg, width, height, err := picture.Draw(f)
	if err != nil || svg == nil {
		return err
	}
	a.Picture, a.Width, a.Height = picture.Drawing(a.Path), width, height
	if err := b.out.Add(w.Work, output.SiteDir+"/"+a.Picture, svg); err != nil {
		return err
	}
	w.Files = append(w.Files, b.form.FileOf(a.Picture))
	return b.gen.Link(b.form.FileOf(a.Picture), output.SiteDir+"/"+a.Picture)
}
