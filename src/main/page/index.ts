export { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from './content-security';
export { loadPageFiles, type PageFile } from './page-files';
