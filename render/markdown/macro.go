package markdown

import (
	"regexp"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// macro resolves a call of a macro and appends what it becomes to dst.
type macro func(r *resolver, dst *html.Node, c *call)

// call is a macro as it stands in a page.
type call struct {
	*storage.Node
	name   string // in lower case
	inline bool   // it stands in running text
}

// param returns the text of a parameter, or "". The unnamed parameter has the name "".
func (c *call) param(names ...string) string {
	for _, name := range names {
		if p := c.parameter(name); p != nil {
			if s := strings.TrimSpace(p.TextContent()); s != "" {
				return s
			}
		}
	}
	return ""
}

// parameter returns the element of a parameter, or nil. Names are compared without
// regard to case, as Confluence's own macros use both.
func (c *call) parameter(name string) *storage.Node {
	for p := c.FirstChild; p != nil; p = p.NextSibling {
		if p.Name == "ac:default-parameter" && name == "" || p.Name == "ac:parameter" && strings.EqualFold(p.Get("ac:name"), name) {
			return p
		}
	}
	return nil
}

// on tells whether a parameter says yes.
func (c *call) on(name string) bool { return strings.EqualFold(c.param(name), "true") }

// target returns what a parameter names: a resource identifier, or the title of a
// page, after "SPACE:" if it lies in another space.
func (c *call) target(names ...string) (Target, bool) {
	for _, name := range names {
		p := c.parameter(name)
		if p == nil {
			continue
		}
		if t, ok := targetOf(p); ok {
			return t, true
		}
		if s := strings.TrimSpace(p.TextContent()); s != "" {
			if space, title, ok := strings.Cut(s, ":"); ok && spaceKey.MatchString(space) {
				return Target{Kind: TargetPage, SpaceKey: space, Title: title}, true
			}
			return Target{Kind: TargetPage, Title: s}, true
		}
	}
	return Target{}, false
}

var spaceKey = regexp.MustCompile(`^(~?[A-Za-z0-9]+|~[A-Za-z0-9._:-]+)$`)

// place returns what shall stand in the macro's place: a paragraph unless the macro
// stands in running text.
func (c *call) place(n *html.Node) *html.Node {
	if c.inline {
		return n
	}
	return with(el("p"), n)
}

// rich returns the macro's body of blocks, or nil.
func (c *call) rich() *storage.Node { return c.Child("ac:rich-text-body") }

// plain returns the macro's literal body, and whether it has one.
func (c *call) plain() (string, bool) {
	if b := c.Child("ac:plain-text-body"); b != nil {
		return b.TextContent(), true
	}
	return "", false
}

// runMacro resolves a macro by the table.
func runMacro(r *resolver, dst *html.Node, n *storage.Node) {
	c := &call{Node: n, name: strings.ToLower(first(n.Get("ac:name"), n.Get("name"))), inline: inText(n)}
	resolve, ok := r.macros[c.name]
	if !ok {
		resolve = unknown
	}
	resolve(r, dst, c)
	for d := n.FirstChild; d != nil; d = d.NextSibling {
		if !part[d.Name] || d.IsText() && !isSpace(d.Text) {
			r.node(dst, d) // no part of a macro, but somebody wrote it
		}
	}
}

// part are the elements of which a macro consists.
var part = map[string]bool{
	"": true, "ac:parameter": true, "ac:default-parameter": true, "ac:rich-text-body": true, "ac:plain-text-body": true, "ac:adf-mark": true,
}

// inText tells whether a node stands in running text: in a paragraph, heading or
// inline element that holds more than it, or beside text.
func inText(n *storage.Node) bool {
	if blocks[n.Parent.Name] && n.Parent.Name != "p" && n.Parent.Name[0] != 'h' {
		return flows(n.PrevSibling) || flows(n.NextSibling)
	}
	switch n.Parent.Name {
	case "", "ac:layout-cell", "ac:rich-text-body", "ac:adf-content", "ac:task-body", "ac:layout-section", "ac:layout":
		return flows(n.PrevSibling) || flows(n.NextSibling)
	}
	return alongside(n.PrevSibling) || alongside(n.NextSibling)
}

// alongside tells what shares a line with its neighbour.
func alongside(n *storage.Node) bool {
	return n != nil && n.Name != "br" && (!n.IsText() || !isSpace(n.Text))
}

// show puts the macro's body in its place: blocks as they are, literal text as code.
func (r *resolver) show(dst *html.Node, c *call) {
	if b := c.rich(); b != nil {
		if p := onlyParagraph(b); p != nil && c.inline {
			addText(dst, " ")
			r.body(dst, p)
			addText(dst, " ")
			return
		}
		r.body(dst, b)
	}
	if s, ok := c.plain(); ok {
		addCode(dst, s, "", c.inline)
	}
}

// onlyParagraph returns the paragraph that is all that stands in a body, or nil.
func onlyParagraph(b *storage.Node) *storage.Node {
	var p *storage.Node
	for c := b.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.IsText() && isSpace(c.Text):
		case c.Name == "p" && p == nil:
			p = c
		default:
			return nil
		}
	}
	return p
}

// unknown keeps the body of a macro that the table does not have, and shows its
// name and parameters.
func unknown(r *resolver, dst *html.Node, c *call) {
	r.lose(LossMacro, shortName(c.name), c.Node)
	if c.inline {
		dst.AppendChild(r.note("macro "+first(c.name, "without a name"), nil, true))
		if c.Child("ac:rich-text-body", "ac:plain-text-body") != nil {
			addText(dst, " ")
		}
		r.show(dst, c)
		return
	}
	dst.AppendChild(r.note("Macro: "+first(c.name, "without a name"), c, false))
	r.show(dst, c)
}

// shortName is a macro's name for reports: names are bounded, for a page may hold
// any text in their place.
func shortName(s string) string {
	s = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' {
			return c
		}
		return -1
	}, strings.ToLower(s))
	if len(s) > 60 {
		s = s[:60]
	}
	return first(s, "unnamed")
}

// note says in the page what stood there: in running text a short remark; as a block
// a closed box with the parameters of a call, or a line when there are none.
func (r *resolver) note(title string, c *call, inline bool) *html.Node {
	if inline {
		return with(el("span", "class", "macro"), text("["+title+"]"))
	}
	list := el("ul")
	if c != nil {
		for p := c.FirstChild; p != nil; p = p.NextSibling {
			if item := r.setting(p); item != nil {
				list.AppendChild(item)
			}
		}
	}
	if list.FirstChild == nil {
		return with(el("p"), with(el("span", "class", "macro"), text("["+title+"]")))
	}
	return with(el("details", "class", "macro"), with(el("summary"), text(title)), list)
}

// secret matches the names of parameters whose values nobody shall read.
var secret = regexp.MustCompile(`(?i)pass(word|wd)?$|token|secret|api-?key|credential`)

// setting shows one parameter of a call, or nil.
func (r *resolver) setting(p *storage.Node) *html.Node {
	if p.Name != "ac:parameter" && p.Name != "ac:default-parameter" {
		return nil
	}
	item, name := el("li"), first(p.Get("ac:name"), p.Get("name"), "(unnamed)")
	value := strings.Join(strings.Fields(p.TextContent()), " ")
	t, ok := targetOf(p)
	switch {
	case secret.MatchString(name):
		value = "(not shown)"
	case ok:
		ref := r.tenant.Resolve(r.page, t)
		addText(item, name+": ")
		r.write(item, with(el("span"), text(fallbackText(ref, t))), ref.Href, ref.Missing)
		return item
	case value == "":
		return nil
	case len(value) > 500:
		value = value[:strings.LastIndexByte(value[:500], ' ')+1] + "…"
	}
	addText(item, name+": "+value)
	return item
}

// macros is the table of all macros, by name in lower case. To add one: write a
// function of type macro into the macro_*.go file of its family, or take one that
// is there; add its line here; add a pair of storage format and Markdown to
// testdata. A macro that is not here keeps its body and shows its name.
var macros = map[string]macro{
	"advanced-codeblock-macro":               code,
	"advanced-remote-codeblock-macro":        code,
	"advanced-single-codeblock-macro":        code,
	"alert":                                  message,
	"align":                                  body,
	"anchor":                                 namedPlace,
	"approvals":                              only("Approvals"),
	"artifact-resource-macro":                file,
	"attachments":                            attachments,
	"aui-message":                            message,
	"aui-toolbar":                            control,
	"auibutton":                              button,
	"auibuttongroup":                         body,
	"auihorizontalnav":                       body,
	"auihorizontalnavpage":                   titled("title", "name", "label"),
	"auimessage":                             message,
	"aura-button":                            button,
	"aura-cards":                             body,
	"aura-expand":                            expand,
	"aura-panel":                             panel,
	"aura-status":                            status,
	"aura-tab":                               titled("title", "name", "label"),
	"aura-tab-group":                         body,
	"aura-toc":                               contents,
	"aura-user-profile":                      only("Profile"),
	"balsamiq":                               diagram,
	"belarusian":                             translation,
	"bestpractice":                           panel,
	"bgcolor":                                colored("bg-", "color", ""),
	"blog-posts":                             blogPosts,
	"bulgarian":                              translation,
	"calendar":                               only("Calendar"),
	"canadian-en":                            translation,
	"canadian-fr":                            translation,
	"card":                                   titled("title", "name", "label"),
	"catalan":                                translation,
	"center":                                 body,
	"cfm-footnote":                           footnote,
	"cfm-tooltip":                            remark,
	"change-history":                         history,
	"chart":                                  body,
	"cheese":                                 body,
	"children":                               children,
	"chinese":                                translation,
	"clickable":                              clickable,
	"code":                                   code,
	"code-pro":                               code,
	"codeblock":                              code,
	"collapse":                               expand,
	"color":                                  colored("fg-", "color", ""),
	"column":                                 column,
	"confiform":                              only("Form"),
	"confiform-entry-register":               only("Form"),
	"content-by-user":                        content("Content by user"),
	"content-report-table":                   content("Content report"),
	"content-tree":                           pageTree,
	"contentbylabel":                         content("Content by label"),
	"contributors":                           contributors,
	"contributors-summary":                   contributors,
	"copyright":                              character("©"),
	"create-from-template":                   control,
	"create-page-button":                     button,
	"create-space-button":                    control,
	"croatian":                               translation,
	"csv":                                    file,
	"czech":                                  translation,
	"danish":                                 translation,
	"date":                                   variable,
	"decisionreport":                         only("Decision report"),
	"deck":                                   body,
	"deck-container":                         body,
	"details":                                properties,
	"detailssummary":                         report,
	"diagrams.net":                           diagram,
	"div":                                    body,
	"drawio":                                 diagram,
	"drawio-sketch":                          diagram,
	"dutch":                                  translation,
	"easy-heading-free":                      control,
	"easy-heading-macro":                     control,
	"easy-math-block":                        math("true"),
	"eazy-math-inline":                       math(""),
	"english":                                translation,
	"english-us":                             translation,
	"estonian":                               translation,
	"excalidraw":                             diagram,
	"excel":                                  file,
	"excerpt":                                excerpt,
	"excerpt-include":                        includeExcerpt,
	"expand":                                 expand,
	"fancy-bullets":                          body,
	"favpages":                               only("Favourite pages"),
	"figma":                                  media,
	"floatmenu":                              control,
	"footnote":                               footnote,
	"french":                                 translation,
	"gadget":                                 only("Gadget"),
	"gallery":                                gallery,
	"german":                                 translation,
	"gliffy":                                 diagram,
	"global-reports":                         only("Global reports"),
	"google-drive-docs":                      only("Google document"),
	"google-drive-file":                      only("Google file"),
	"google-drive-files":                     only("Google files"),
	"google-drive-folder":                    only("Google folder"),
	"google-drive-sheets":                    only("Google sheet"),
	"google-drive-slides":                    only("Google slides"),
	"greek":                                  translation,
	"handy-status":                           status,
	"hide-if":                                guarded,
	"hide-macro":                             body,
	"highlight":                              colored("bg-", "color", ""),
	"hindi":                                  translation,
	"horizontal-nav-group":                   body,
	"horizontal-nav-item":                    titled("title", "name", "label"),
	"html":                                   webCode,
	"html-bobswift":                          webCode,
	"html-include":                           media,
	"html-wrap":                              body,
	"htmlcomment":                            none,
	"hungarian":                              translation,
	"icelandic":                              translation,
	"iframe":                                 media,
	"im":                                     only("Instant messenger"),
	"inc-drawio":                             diagram,
	"include":                                include,
	"include-page":                           include,
	"include-rss":                            media,
	"include-shared-block":                   includeExcerpt,
	"index":                                  index,
	"info":                                   alert("NOTE"),
	"invision":                               media,
	"irish":                                  translation,
	"italian":                                translation,
	"japanese":                               translation,
	"jira":                                   issue,
	"jirachart":                              only("Jira chart"),
	"jiraissues":                             issue,
	"jiratimeline":                           only("Jira timeline"),
	"json-table":                             file,
	"junitreport":                            only("JUnit report"),
	"korean":                                 translation,
	"labels-list":                            labels,
	"latex":                                  math(""),
	"latex-block":                            math("true"),
	"latex-inline":                           math(""),
	"latexmath":                              math(""),
	"latvian":                                translation,
	"layout":                                 body,
	"legend":                                 panel,
	"list-children":                          children,
	"listlabels":                             only("Labels of the space"),
	"lithuanian":                             translation,
	"livesearch":                             control,
	"localtab":                               titled("title", "name", "label"),
	"localtabgroup":                          body,
	"loremipsum":                             body,
	"lozenge":                                status,
	"lucidchart":                             media,
	"maltese":                                translation,
	"markdown":                               markdownBody,
	"markdown-from-url":                      media,
	"mathblock":                              math("true"),
	"mathblock-ref":                          mathReference,
	"mathinline":                             math(""),
	"mathjax-block":                          math("true"),
	"mathjax-block-macro":                    math("true"),
	"mathjax-inline":                         math(""),
	"mathjax-inline-macro":                   math(""),
	"mermaid":                                source("mermaid", "code", "data", "source", "diagram", "json"),
	"mermaid-chart":                          source("mermaid", "code", "data", "source", "diagram", "json"),
	"mermaid-cloud":                          diagram,
	"mermaid-macro":                          source("mermaid", "code", "data", "source", "diagram", "json"),
	"mermaiddiagram":                         source("mermaid", "code", "data", "source", "diagram", "json"),
	"mermaidjs":                              source("mermaid", "code", "data", "source", "diagram", "json"),
	"metadata":                               only("Metadata"),
	"metadata-list":                          only("Metadata"),
	"metadata-overview":                      only("Metadata"),
	"metadata-report":                        only("Metadata"),
	"mgnl-aui-button-inline":                 button,
	"miro":                                   media,
	"miro-macro":                             media,
	"mockup":                                 diagram,
	"mohamicorp-markdown":                    markdownBody,
	"multiexcerpt":                           excerpt,
	"multiexcerpt-fast-block-macro":          excerpt,
	"multiexcerpt-fast-include-block-macro":  includeExcerpt,
	"multiexcerpt-fast-include-inline-macro": includeExcerpt,
	"multiexcerpt-fast-inline-macro":         excerpt,
	"multiexcerpt-include":                   includeExcerpt,
	"multiexcerpt-include-macro":             includeExcerpt,
	"multiexcerpt-macro":                     excerpt,
	"multimedia":                             media,
	"navmap":                                 control,
	"network":                                only("Network"),
	"noformat":                               code,
	"norwegian":                              translation,
	"norwegian-nb":                           translation,
	"note":                                   alert("WARNING"),
	"numberedheadings":                       body,
	"office-connector":                       media,
	"open-api":                               source("yaml", "url", "spec"),
	"openapi":                                source("yaml", "url", "spec"),
	"outgoing-links":                         only("Outgoing links"),
	"pagetree":                               pageTree,
	"pagetree2":                              pageTree,
	"pagetreesearch":                         control,
	"panel":                                  panel,
	"panelgroup":                             body,
	"paste-code-macro":                       code,
	"pivot-table":                            body,
	"plantuml":                               source("plantuml", ""),
	"plantumlcloud":                          plantUMLCloud,
	"plantumlrender":                         source("plantuml", ""),
	"polish":                                 translation,
	"popular":                                only("Popular content"),
	"popular-labels":                         only("Popular labels"),
	"portuguese":                             translation,
	"portuguese-br":                          translation,
	"privacy-mark":                           body,
	"privacy-policy":                         body,
	"profile":                                profile,
	"profile-cards":                          body,
	"profile-picture":                        profile,
	"questions":                              only("Questions"),
	"recently-updated":                       recentlyUpdated,
	"recently-updated-dashboard":             recentlyUpdated,
	"recently-used-labels":                   only("Recently used labels"),
	"redirect":                               media,
	"reg-tm":                                 character("®"),
	"related-labels":                         content("Related content"),
	"roadmap":                                roadmap,
	"rolloverwithoudbody":                    body,
	"romanian":                               translation,
	"roundrect":                              panel,
	"rss":                                    media,
	"russian":                                translation,
	"rw-pagetree":                            pageTree,
	"scroll-bookmark":                        namedPlace,
	"scroll-content-block":                   include,
	"scroll-exportbutton":                    control,
	"scroll-ignore":                          body,
	"scroll-ignore-inline":                   body,
	"scroll-indexterm":                       variable,
	"scroll-landscape":                       body,
	"scroll-only":                            body,
	"scroll-only-inline":                     body,
	"scroll-pagebreak":                       body,
	"scroll-pagetitle":                       variable,
	"scroll-pdf-ignore":                      body,
	"scroll-pdf-ignore-inline":               body,
	"scroll-pdf-only":                        body,
	"scroll-pdf-only-inline":                 body,
	"scroll-portrait":                        body,
	"scroll-tablelayout":                     body,
	"scroll-title":                           titled("title", "name", "label"),
	"search":                                 control,
	"section":                                section,
	"shared-block":                           excerpt,
	"show-if":                                guarded,
	"slovak":                                 translation,
	"slovenian":                              translation,
	"sm":                                     character("℠"),
	"space-attachments":                      attachments,
	"space-details":                          only("Space details"),
	"spacejump":                              only("Space"),
	"spaces":                                 only("Spaces"),
	"spaces-list":                            only("Spaces"),
	"span":                                   body,
	"spanish":                                translation,
	"sparkline":                              body,
	"sql":                                    only("SQL query"),
	"status":                                 status,
	"status-handy":                           status,
	"status-list":                            only("Status list"),
	"strike":                                 marking("del"),
	"style":                                  body,
	"subpagelist":                            children,
	"sv-translation":                         translation,
	"swagger-integration":                    source("yaml", "url", "spec"),
	"swagger-integration-url":                media,
	"swagger-open-api":                       source("yaml", "url", "spec"),
	"tab":                                    titled("title", "name", "label"),
	"tab-pane":                               titled("title", "name", "label"),
	"table-chart":                            body,
	"table-excerpt":                          body,
	"table-excerpt-include":                  body,
	"table-filter":                           body,
	"table-joiner":                           body,
	"table-plus":                             body,
	"table-transformer":                      body,
	"tableenhancer":                          body,
	"tabs-group":                             body,
	"tabs-page":                              titled("title", "name", "label"),
	"tasklist":                               body,
	"tasks-report":                           taskReport,
	"tasks-report-macro":                     taskReport,
	"thai":                                   translation,
	"tip":                                    alert("TIP"),
	"tm":                                     character("™"),
	"toc":                                    contents,
	"toc-zone":                               body,
	"tooltip":                                remark,
	"trackback":                              only("Trackbacks"),
	"turkish":                                translation,
	"ui-button":                              button,
	"ui-children":                            children,
	"ui-expand":                              expand,
	"ui-image":                               body,
	"ui-step":                                titled("title", "name", "label"),
	"ui-steps":                               body,
	"ui-tab":                                 titled("title", "name", "label"),
	"ui-tabs":                                body,
	"ui-text-box":                            panel,
	"ukrainian":                              translation,
	"unit":                                   variable,
	"unmigrated-inline-wiki-markup":          code,
	"unmigrated-wiki-markup":                 code,
	"userlister":                             only("Users"),
	"vertical-nav-group":                     body,
	"vertical-nav-item":                      titled("title", "name", "label"),
	"video":                                  media,
	"vietnamese":                             translation,
	"view-file":                              file,
	"viewdoc":                                file,
	"viewfile":                               file,
	"viewpdf":                                file,
	"viewport-redirect":                      media,
	"viewport-url-redirect":                  media,
	"viewppt":                                file,
	"viewtracker":                            only("Views"),
	"viewxls":                                file,
	"visibility-hide-if":                     guarded,
	"visibility-show-if":                     guarded,
	"warning":                                alert("CAUTION"),
	"welsh":                                  translation,
	"widget":                                 media,
	"workflow":                               only("Workflow"),
	"zenuml":                                 source("zenuml", "code", "data"),
	"zenuml-sequence-macro":                  source("zenuml", "code", "data"),
	"zenuml-sequence-macro-lite":             source("zenuml", "code", "data"),
}
