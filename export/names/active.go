package names

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

// Published is the name under which an attachment is published: the site shows files of
// the wiki, and no server or browser runs one, also a server that knows nothing of our
// headers. nginx and IIS look at what stands behind the last dot of a name, Apache at
// every part: "evil.html.zz" is a page to it, and "shell.php.jpg" a program where PHP is
// bound by AddHandler. https://httpd.apache.org/docs/2.4/mod/mod_mime.html#multipleext
//
// So the dot before a part that counts becomes "_", and a name that then ends in nothing
// which every server knows to be harmless gets the ending .txt. What ends in a type alone
// gets no more than that (plan.html.txt): of two types Apache takes the last one.
func Published(name string) string {
	parts := dotted(name)
	last := len(parts) - 1
	text := parts[last].key() == "txt"
	var b strings.Builder
	inert := true // nothing is to be done, or the ending sees to it
	for i, p := range parts {
		key, dot := p.key(), p.dot
		typed := i > 0 && slices.Contains(typedParts, key)
		if i > 0 && runs(key) || typed && i < last && !text {
			dot = "_"
			inert = i < last && slices.Contains(inertEndings, parts[last].key())
		}
		if typed && i == last {
			inert = false
		}
		b.WriteString(dot + p.text)
	}
	if !inert {
		b.WriteString(".txt")
	}
	return b.String()
}

// part is what stands between two dots of a name, with the dot before it.
type part struct{ dot, text string }

// dotted cuts a name at its dots, also at those of other scripts, which Windows and
// normalising file systems take for one.
func dotted(name string) []part {
	const dots = ".。｡．․﹒"
	parts := []part{{}}
	for _, r := range name {
		if strings.ContainsRune(dots, r) {
			parts = append(parts, part{dot: string(r)})
		} else {
			parts[len(parts)-1].text += string(r)
		}
	}
	return parts
}

// key is equal for parts that some server takes for the same: without regard to case or
// form, to what an editor has put behind it ("html~"), and as IIS has read "asp;.jpg".
func (p part) key() string {
	text, _, _ := strings.Cut(p.text, ";")
	text = strings.TrimRightFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return fileKey(strings.TrimLeft(text, " "))
}

// runs tells whether a part of a name makes a server run, rewrite or negotiate the file,
// wherever in the name it stands.
func runs(key string) bool {
	return slices.Contains(runParts, key) ||
		slices.ContainsFunc(runFamilies, func(family string) bool { return strings.HasPrefix(key, family) })
}

var (
	// runFamilies begin such parts: php5, php-cgi, phps; jspx, jspf; htaccess, htpasswd.
	runFamilies = []string{"php", "jsp", "fcgi", "fastcgi", "htaccess", "htpasswd"}

	// runParts are bound to interpreters, to server-side includes, to encodings that a type
	// comes with, or to the ways in which Apache makes an answer of a file.
	runParts = strings.Fields("pht phtm phtml phar cgi pl pm plx py pyc pyw psp rb rbw rhtml erb lua tcl sh wsgi " +
		"asp aspx asa asax ascx ashx asmx axd cshtm cshtml vbhtm vbhtml razor svc soap idc htw ida idq htr printer " +
		"cfm cfml cfc cfr dbm jhtml jsw jsv shtml shtm stm ssi svgz var asis imap map")

	// typedParts are types that a browser may run script from, or loads as code or style,
	// and what a server may obey where it finds it (web.config).
	typedParts = strings.Fields("html htm htmls hta htc htt hxt xhtml xht xhtm dhtml mht mhtml mhtm svg xml xsl xslt " +
		"xsd dtd " +
		"xspf xsf mno disco wsdl rss atom rdf owl mathml mml xul xbl swf swfl spl js mjs cjs jse ecma jscript " +
		"javascript " +
		"css wasm wml wmls manifest appcache webmanifest webapp vbs vbe vml sct wsc wsf xaml xbap config jnlp")

	// inertEndings are those of which every server knows a type that runs nothing.
	inertEndings = strings.Fields("txt csv pdf png jpg jpeg gif bmp tif tiff webp zip gz tgz bz2 7z rar tar " +
		"doc docx xls xlsx ppt pptx odt ods odp rtf mp3 mp4 wav ogg webm mov avi mpg mpeg")
)

// IsRaster reports file names that an <img> shows and that can run nothing.
func IsRaster(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico"},
		strings.ToLower(path.Ext(name)))
}
