package publish

import (
	"io"

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
func (b *builder) writeFile(a *attachment) error {
	sum := a.bytes()
	if sum == "" {
		return nil
	}
	w := b.link.newWork(workFile, a.node, sum, a.path, a.isPicture())
	w.Key = workFile + a.path
	var was filed
	if ok, err := b.keepFile(w, a, &was); ok || err != nil {
		a.picture, a.width, a.height = was.Picture, was.Width, was.Height
		return err
	}
	f, err := b.link.mirror.OpenBlob(sum)
	if err != nil {
		return &exit.CorruptError{Text: "attachment " + a.ID + ": its bytes are missing in the mirror"}
	}
	defer f.Close()
	switch {
	case a.isPicture():
		a.width, a.height, err = picture.Size(f)
	case picture.Drawing(a.path) != "":
		err = b.writeDrawing(w, a, f)
	}
	if err != nil {
		return err
	}
	name := output.SiteDir + "/" + a.path
	if err := b.gen.Copy(name, f, sum); err != nil {
		return err
	}
	stamp, err := b.gen.StampOf(name)
	if err != nil {
		return err
	}
	w.Done(filed{a.picture, a.width, a.height, stamp})
	return b.gen.Link(output.MarkdownDir+"/"+a.path, name)
}

// keepFile takes an attachment over, and the picture that was made of it.
func (b *builder) keepFile(w work, a *attachment, was *filed) (bool, error) {
	r, ok := w.Last()
	if !ok || !r.Read(was) {
		return false, nil
	}
	name := output.SiteDir + "/" + a.path
	if ok, err := b.gen.KeepLarge(name, a.bytes(), was.Stamp, r.Files()); !ok || err != nil {
		return false, err
	}
	b.out.Traces.PutAgain(w.Key, r)
	return true, b.gen.Link(output.MarkdownDir+"/"+a.path, name)
}

// writeDrawing publishes a safe picture of an SVG beside the file, which stays as it is for
// those who want it.
func (b *builder) writeDrawing(w work, a *attachment, f io.ReadSeeker) error {
	svg, width, height, err := picture.Draw(f)
	if err != nil || svg == nil {
		return err
	}
	a.picture, a.width, a.height = picture.Drawing(a.path), width, height
	if err := b.out.Add(w.Work, output.SiteDir+"/"+a.picture, svg); err != nil {
		return err
	}
	w.Files = append(w.Files, output.MarkdownDir+"/"+a.picture)
	return b.gen.Link(output.MarkdownDir+"/"+a.picture, output.SiteDir+"/"+a.picture)
}
