"""Where are bicycles stolen, and how safe is an area without a theft?"""
