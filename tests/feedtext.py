"""Feeds made to measure: texts in the shapes that arXiv's query API and daily feeds have."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id>
  <title>arXiv Query: search_query=all:x&amp;id_list=&amp;start=0&amp;max_results=10</title>
  <updated>{updated}</updated>
  <opensearch:itemsPerPage>{count}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
"""


@dataclass
class Paper:
    """One entry of a query-API feed."""

    id: str = "2606.03498"
    version: int = 1
    title: str = "A Title"
    authors: list[str | tuple[str, list[str]]] = field(default_factory=lambda: ["Ivan Ilin"])
    summary: str = "An abstract."
    published: str = "2026-06-02T11:14:57Z"
    updated: str = "2026-06-02T11:14:57Z"
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    categories: list[str] = field(default_factory=lambda: ["cs.DC"])

    def parts(self) -> dict[str, str]:
        """The entry's elements by name."""
        url = f"http://arxiv.org/abs/{self.id}v{self.version}"
        authors = ""
        for author in self.authors:
            name, affiliations = author if isinstance(author, tuple) else (author, [])
            inside = "".join(f"<arxiv:affiliation>{escape(a)}</arxiv:affiliation>" for a in affiliations)
            authors += f"    <author><name>{escape(name)}</name>{inside}</author>\n"
        parts = {
            "id": f"    <id>{url}</id>\n",
            "title": f"    <title>{escape(self.title)}</title>\n",
            "updated": f"    <updated>{self.updated}</updated>\n",
            "link": f'    <link href="{url}" rel="alternate" type="text/html"/>\n',
            "summary": f"    <summary>{escape(self.summary)}</summary>\n",
            "category": "".join(
                f'    <category term={quoteattr(c)} scheme="http://arxiv.org/schemas/atom"/>\n'
                for c in self.categories
            ),
            "published": f"    <published>{self.published}</published>\n",
            "comment": "",
            "primary_category": f"    <arxiv:primary_category term={quoteattr(self.categories[0])}/>\n"
            if self.categories
            else "",
            "journal_ref": "",
            "author": authors,
            "doi": "",
        }
        for name in ("comment", "journal_ref", "doi"):
            value = getattr(self, name)
            if value is not None:
                parts[name] = f"    <arxiv:{name}>{escape(value)}</arxiv:{name}>\n"
        return parts


# The query API's element order of 2026, and the one of saved feeds before it.
ORDER_2026 = [
    "id",
    "title",
    "updated",
    "link",
    "summary",
    "category",
    "published",
    "comment",
    "primary_category",
    "journal_ref",
    "author",
    "doi",
]
ORDER_BEFORE = [
    "id",
    "updated",
    "published",
    "title",
    "summary",
    "author",
    "doi",
    "comment",
    "journal_ref",
    "link",
    "primary_category",
    "category",
]


def entry_text(paper: Paper, order: list[str] = ORDER_2026, leave_out: tuple[str, ...] = ()) -> str:
    parts = paper.parts()
    return "  <entry>\n" + "".join(parts[n] for n in order if n not in leave_out) + "  </entry>\n"


def feed_text(
    *papers: Paper | str,
    order: list[str] = ORDER_2026,
    updated: str = "2026-06-10T06:13:33Z",
    total: int | None = None,
) -> str:
    """A whole feed; a paper may also be given as an entry's text."""
    entries = [paper if isinstance(paper, str) else entry_text(paper, order) for paper in papers]
    head = HEAD.format(updated=updated, count=len(entries), total=len(entries) if total is None else total)
    return head + "".join(entries) + "</feed>\n"


def error_feed_text(reason: str) -> str:
    """arXiv's answer to a request that it does not understand."""
    return HEAD.format(updated="2026-06-10T06:13:33Z", count=1, total=1) + (
        "  <entry>\n    <id>https://arxiv.org/api/errors#x</id>\n    <title>Error</title>\n"
        "    <updated>2026-06-10T06:13:33Z</updated>\n"
        f"    <summary>{escape(reason)}</summary>\n"
        "    <author><name>arXiv api core</name></author>\n  </entry>\n</feed>\n"
    )


DAILY_RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.DC updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/cs.DC</link>
    <item>
      <title>Bounds with $x &lt; y$ &amp; more</title>
      <link>https://arxiv.org/abs/2609.31763</link>
      <description>arXiv:2609.31763v1 Announce Type: new
Abstract: We show that $a &lt; b$.</description>
      <guid isPermaLink="false">oai:arXiv.org:2609.31763v1</guid>
      <category>cs.DC</category>
      <category>cs.LG</category>
      <pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <arxiv:DOI>10.1145/3580305.3599257</arxiv:DOI>
      <arxiv:journal_reference>KDD 2026</arxiv:journal_reference>
      <dc:creator>Eyal de Lara, John Smith, Jr., Ada Bee (MIT, Boston)</dc:creator>
    </item>
  </channel>
</rss>
"""

DAILY_ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.DC</id>
  <title>cs.DC updates on arXiv.org</title>
  <updated>2026-09-30T04:00:00+00:00</updated>
  <entry>
    <id>oai:arXiv.org:2609.00017v2</id>
    <title>Second Thoughts</title>
    <updated>2026-09-30T04:00:10+00:00</updated>
    <link href="https://arxiv.org/abs/2609.00017" rel="alternate" type="text/html"/>
    <summary>arXiv:2609.00017v2 Announce Type: replace-cross
Abstract: Hello again.</summary>
    <category term="cs.DC"/>
    <published>2026-09-30T00:00:00-04:00</published>
    <arxiv:announce_type>replace-cross</arxiv:announce_type>
    <dc:creator>Ada Bee, Cy Dee</dc:creator>
  </entry>
</feed>
"""

OLD_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" \
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://export.arxiv.org/rss/cs.LG"><title>cs.LG</title><link>http://arxiv.org/</link></channel>
<item rdf:about="http://arxiv.org/abs/2101.00001">
<title>An Old Form. (arXiv:2101.00001v1 [cs.LG])</title>
<link>http://arxiv.org/abs/2101.00001</link>
<description rdf:parseType="Literal">&lt;p&gt;Abstract text.&lt;/p&gt;</description>
<dc:creator> &lt;a href="http://arxiv.org/find/1"&gt;Ada Bee&lt;/a&gt;, \
&lt;a href="http://arxiv.org/find/2"&gt;Cy Dee&lt;/a&gt;</dc:creator>
</item>
</rdf:RDF>
"""
