-- Code lenses of this server alone: those of other servers are the user's to switch on.

local M = {}

---@param client vim.lsp.Client
---@param bufnr integer
function M.refresh(client, bufnr)
  if not require('quickstudy').options.codelens or not vim.api.nvim_buf_is_loaded(bufnr) then
    return
  end
  if vim.lsp.codelens.enable then -- Neovim 0.12, which keeps them fresh from then on
    vim.lsp.codelens.enable(true, { client_id = client.id })
    return
  end
  local params = { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
  client:request('textDocument/codeLens', params, vim.lsp.codelens.on_codelens, bufnr)
end

return M
