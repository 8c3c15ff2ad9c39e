"""A search engine whose vectors are searched by Milvus: the truth, and the search by words, stay where they were."""
