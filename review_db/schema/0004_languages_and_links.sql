-- What a page's language is, and the ways by which an index entry finds its pages and a page its entries.
ALTER TABLE page_classes ADD COLUMN language TEXT;      -- ISO 639-1; null where too little running text tells
CREATE INDEX page_classes_printed ON page_classes (printed_page) WHERE printed_page IS NOT NULL;
CREATE INDEX index_entries_named ON index_entries (page) WHERE is_current = 1;
CREATE INDEX index_entries_code ON index_entries (code) WHERE is_current = 1 AND code <> '';

DROP VIEW current_pages;
CREATE VIEW current_pages AS
SELECT p.page_id, p.manual_id, m.name AS manual, p.source, p.page_number, p.origin, p.sort_key,
       v.page_version_id, v.file_id, v.kind, v.image_sha256, v.image_path, v.width, v.height,
       v.status, v.reason, v.duplicate_of,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'section_id'
                 ORDER BY correction_id DESC LIMIT 1), k.section_id, '') AS section_id,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'section_name'
                 ORDER BY correction_id DESC LIMIT 1), k.section_name, '') AS section_name,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'source_type'
                 ORDER BY correction_id DESC LIMIT 1), k.source_type) AS source_type,
       COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'content_type'
                 ORDER BY correction_id DESC LIMIT 1), k.content_type) AS content_type,
       -- a reviewer's clockwise quarter turns; null: as the reader of the words found it
       CAST((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'rotation'
                 ORDER BY correction_id DESC LIMIT 1) AS INTEGER) AS rotation,
       IFNULL(k.is_index, 0) AS is_index, k.confidence, k.title, k.printed_page, k.engine AS classified_by, k.language,
       CAST(COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = 'nothing_to_ask'
                 ORDER BY correction_id DESC LIMIT 1), k.nothing_to_ask, 0) AS INTEGER) AS nothing_to_ask
FROM pages p
JOIN manuals m USING (manual_id)
JOIN page_versions v ON v.page_id = p.page_id AND v.is_current = 1
LEFT JOIN page_classes k ON k.class_id =
     (SELECT MAX(class_id) FROM page_classes x WHERE x.page_version_id = v.page_version_id);
