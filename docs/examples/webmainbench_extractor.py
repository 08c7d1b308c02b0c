"""Score cleaner beside other extractors of main texts on WebMainBench.

    python webmainbench_extractor.py DATASET.jsonl [trafilatura magic-html ...]

with a checkout of github.com/opendatalab/WebMainBench on PYTHONPATH. It asks for numpy below 2, but runs with
newer ones.
"""

import sys

from webmainbench import DataLoader, Evaluator
from webmainbench.config import LLM_CONFIG
from webmainbench.extractors.base import BaseExtractor, ExtractionResult
from webmainbench.extractors.factory import extractor

import cleaner


@extractor("cleaner")
class CleanerExtractor(BaseExtractor):
    version = cleaner.__version__
    description = "The lines of a page that its author wrote, as Markdown"

    def _setup(self) -> None:
        self.pack = cleaner.load_pack("zh-web")

    def _extract_content(self, html: str, url: str | None = None) -> ExtractionResult:
        # the reference is as its page wrote it: nothing is converted
        options = {"script": "keep", "quotes": "keep", "punctuation": "keep"} | self.config
        page = cleaner.clean_html(html, url=url, pack=self.pack, text_format="markdown", metadata=True, **options)
        meta, confidence = page.document.meta, 1 - page.doubt
        return ExtractionResult(
            content=page.text,
            title=meta.get("title"),
            author=meta.get("author"),
            publish_date=meta.get("date"),
            language=meta.get("language"),
            confidence_score=confidence,
        )


if __name__ == "__main__":
    dataset = DataLoader.load_jsonl(sys.argv[1])
    LLM_CONFIG["use_llm"] = False  # it would only help to split formulas, and costs
    for name, result in Evaluator().compare_extractors(dataset, ["cleaner", *sys.argv[2:]]).items():
        print(name, *(f"{metric} {score:.4f}" for metric, score in result.overall_metrics.items()))
