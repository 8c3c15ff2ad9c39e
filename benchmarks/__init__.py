"""Measurements that decided something; each prints its figures again."""
